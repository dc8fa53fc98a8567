package gslb.config;

import gslb.base.SourceSpan;
import java.util.List;

/// A policy as written, before its names are looked up.
sealed interface PolicyTerm {
  SourceSpan where();

  record Pool(String name, SourceSpan where) implements PolicyTerm {}

  record Failover(List<PolicyTerm> children, SourceSpan where) implements PolicyTerm {}

  record Weighted(List<Branch> branches, SourceSpan where) implements PolicyTerm {}

  /// @param weight 0..1,000,000
  record Branch(PolicyTerm child, int weight) {}

  record Sticky(List<Branch> branches, SourceSpan where) implements PolicyTerm {}

  record All(List<Located<String>> pools, SourceSpan where) implements PolicyTerm {}

  /// @param biases by name of the pool, those that are written
  record Nearest(
      List<Located<String>> pools,
      List<Bias> biases,
      int limit,
      int withinPercent,
      SourceSpan where)
      implements PolicyTerm {}

  /// @param percent -99..99
  record Bias(Located<String> pool, int percent) {}

  /// @param where of its key 'geo'
  record Geo(List<GeoBranch> branches, SourceSpan where) implements PolicyTerm {}

  /// @param name of a network, a country or a continent, ISO 3166-2 of a subdivision, digits of a
  ///     city or an autonomous system; empty for the default
  /// @param where of its key
  record GeoBranch(Scope scope, String name, PolicyTerm child, SourceSpan where) {}

  /// What a branch of `geo` is chosen by.
  enum Scope {
    NETWORK,
    ASN,
    CITY,
    SUBDIVISION,
    COUNTRY,
    CONTINENT,
    DEFAULT
  }

  /// A policy defined under `policies`.
  record Shared(String name, SourceSpan where) implements PolicyTerm {}

  /// Something that is no policy; a diagnostic was added.
  record Broken(SourceSpan where) implements PolicyTerm {}
}
