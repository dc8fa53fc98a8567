package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.steering.Policy;
import gslb.steering.Pool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks up the names in policies. A shared policy becomes one instance, however many trees it
/// stands in.
final class PolicyResolver {
  /// Deepest nesting of a policy, shared ones followed.
  static final int DEPTH_MAX = 16;

  /// Most nodes of a policy, shared ones counted wherever they stand.
  static final int SIZE_MAX = 100_000;

  /// Larger ones are not told apart.
  private static final long SIZE_COUNTED_MAX = 1_000_000_000;

  /// What stands for a policy that is broken.
  static final Policy NOTHING = new Policy.Failover(List.of());

  /// A policy with its measures.
  ///
  /// @param depth levels below and including it
  private record Resolved(Policy policy, int depth, long size) {
    static final Resolved NONE = new Resolved(NOTHING, 1, 1);
  }

  /// Children on their way into a policy.
  private static final class Measure {
    int depth;
    long size = 1;

    Policy add(Resolved child) {
      depth = Math.max(depth, child.depth());
      size = Math.min(size + child.size(), SIZE_COUNTED_MAX);
      return child.policy();
    }

    Resolved around(Policy policy) {
      return new Resolved(policy, depth + 1, size);
    }
  }

  private final Map<String, Named.Entry<PolicyTerm>> shared = new LinkedHashMap<>();
  private final Map<String, Pool> pools;
  private final Set<String> withoutSite;
  private final Diagnostics diagnostics;
  private final Map<String, Resolved> resolved = new HashMap<>();
  private final List<String> path = new ArrayList<>();

  /// @param withoutSite names of the pools that name no site; one whose site is broken is not
  /// among them
  PolicyResolver(
      List<Named.Entry<PolicyTerm>> shared,
      Map<String, Pool> pools,
      Set<String> withoutSite,
      Diagnostics diagnostics) {
    shared.forEach(entry -> this.shared.put(entry.name().value(), entry));
    this.pools = pools;
    this.withoutSite = withoutSite;
    this.diagnostics = diagnostics;
  }

  /// Resolves the shared policies, used or not.
  void resolveShared() {
    for (Named.Entry<PolicyTerm> entry : shared.values()) {
      Resolved policy = shared(entry.name().value(), entry.name().where(), 1);
      checkSize(policy, entry.name().where(), entry.place());
    }
  }

  Policy resolve(PolicyTerm term, Place place) {
    Resolved policy = resolve(term, 1);
    checkSize(policy, term.where(), place);
    return policy.policy();
  }

  private void checkSize(Resolved policy, SourceSpan where, Place place) {
    if (policy.size() > SIZE_MAX) {
      diagnostics.error(
          where,
          "the policy of " + place.words() + " has " + policy.size() + " nodes",
          "a policy has up to " + SIZE_MAX + " nodes, shared policies counted wherever they stand",
          "use shared policies in fewer places");
    }
  }

  private Resolved resolve(PolicyTerm term, int level) {
    if (level > DEPTH_MAX) {
      reportDepth(term.where());
      return Resolved.NONE;
    }
    Measure measure = new Measure();
    return switch (term) {
      case PolicyTerm.Broken _ -> Resolved.NONE;
      case PolicyTerm.Pool leaf -> {
        Pool pool = pools.get(leaf.name());
        yield pool == null ? Resolved.NONE : measure.around(new Policy.Use(pool));
      }
      case PolicyTerm.Shared reference -> shared(reference.name(), reference.where(), level);
      case PolicyTerm.Failover failover -> failover(failover, level, measure);
      case PolicyTerm.Weighted weighted ->
          measure.around(new Policy.Weighted(branches(weighted.branches(), level, measure)));
      case PolicyTerm.Sticky sticky ->
          measure.around(new Policy.Sticky(branches(sticky.branches(), level, measure)));
      case PolicyTerm.All all -> {
        List<Pool> joined = distinct(all.pools(), "all");
        refuseAliases(all.pools());
        measure.size += joined.size();
        yield measure.around(new Policy.All(joined));
      }
      case PolicyTerm.Nearest nearest -> nearest(nearest, measure);
      case PolicyTerm.Geo geo -> geo(geo, level, measure);
    };
  }

  private List<Policy.Weighted.Branch> branches(
      List<PolicyTerm.Branch> written, int level, Measure measure) {
    List<Policy.Weighted.Branch> branches = new ArrayList<>();
    for (PolicyTerm.Branch branch : written) {
      Policy child = measure.add(resolve(branch.child(), level + 1));
      branches.add(new Policy.Weighted.Branch(child, branch.weight()));
    }
    return branches;
  }

  /// The pools of these names; one that stands twice is reported.
  private List<Pool> distinct(List<Located<String>> names, String operator) {
    List<Pool> found = new ArrayList<>();
    for (Located<String> name : names) {
      Pool pool = pools.get(name.value());
      if (pool == null) {
        continue;
      }
      if (found.contains(pool)) {
        diagnostics.error(
            name.where(),
            "pool '" + pool.name() + "' stands twice in '" + operator + "'",
            "",
            "remove one");
        continue;
      }
      found.add(pool);
    }
    return found;
  }

  /// The records of several pools cannot stand beside a CNAME.
  private void refuseAliases(List<Located<String>> names) {
    for (Located<String> name : names) {
      Pool pool = pools.get(name.value());
      if (pool != null && pool.cname() != null) {
        diagnostics.error(
            name.where(),
            "pool '" + pool.name() + "' in 'all' has a 'cname'",
            "a CNAME stands alone (RFC 1034 §3.6.2), and 'all' joins the addresses of its pools",
            "remove it, or let a list or weights choose it");
      }
    }
  }

  private void reportDepth(SourceSpan where) {
    diagnostics.error(
        where,
        "policies are nested deeper than " + DEPTH_MAX + " levels here",
        "shared policies count as deep as they are",
        "flatten them");
  }

  private Resolved shared(String name, SourceSpan where, int level) {
    Resolved known = resolved.get(name);
    if (known != null) {
      if (level + known.depth() - 1 > DEPTH_MAX) {
        reportDepth(where);
        return Resolved.NONE;
      }
      return known;
    }
    if (path.contains(name)) {
      List<String> cycle = new ArrayList<>(path.subList(path.indexOf(name), path.size()));
      cycle.add(name);
      diagnostics.error(
          where,
          "policy '" + name + "' leads back to itself: " + String.join(" → ", cycle),
          "policies may not contain themselves",
          "break the circle here or at another 'policy:' of it");
      return Resolved.NONE;
    }
    Named.Entry<PolicyTerm> entry = shared.get(name);
    PolicyTerm term = entry == null ? null : entry.value();
    if (term == null) {
      return Resolved.NONE;
    }
    path.add(name);
    Resolved policy = resolve(term, level + 1);
    path.removeLast();
    Resolved deeper = new Resolved(policy.policy(), policy.depth() + 1, policy.size());
    resolved.put(name, deeper);
    return deeper;
  }

  private Resolved failover(PolicyTerm.Failover failover, int level, Measure measure) {
    List<Policy> children = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    boolean isOver = false;
    for (PolicyTerm child : failover.children()) {
      if (isOver) {
        diagnostics.warning(
            child.where(),
            "this branch stands behind an empty list",
            "an empty list is an answer, and no list goes on behind it",
            "remove the empty list, or what is behind it");
      }
      isOver = child instanceof PolicyTerm.Failover list && list.children().isEmpty();
      if (child instanceof PolicyTerm.Pool pool && !seen.add(pool.name())) {
        diagnostics.warning(
            pool.where(),
            "pool '" + pool.name() + "' stands earlier in the same list",
            "the first available child is used, so this one never is",
            "remove it");
      }
      children.add(measure.add(resolve(child, level + 1)));
    }
    return measure.around(new Policy.Failover(children));
  }

  private Resolved nearest(PolicyTerm.Nearest nearest, Measure measure) {
    List<Pool> near = distinct(nearest.pools(), "nearest");
    for (Located<String> name : nearest.pools()) {
      if (withoutSite.contains(name.value())) {
        diagnostics.error(
            name.where(),
            "pool '" + name.value() + "' has no site",
            "'nearest' needs to know where its pools are",
            "add 'site' to the pool");
      }
    }
    List<Integer> biases = new ArrayList<>(Collections.nCopies(near.size(), 0));
    for (PolicyTerm.Bias bias : nearest.biases()) {
      int index = near.indexOf(pools.get(bias.pool().value()));
      if (index >= 0) {
        biases.set(index, bias.percent());
      } else if (pools.containsKey(bias.pool().value())) {
        diagnostics.error(
            bias.pool().where(),
            "'bias' names pool '" + bias.pool().value() + "', which 'nearest' does not",
            "a bias is that of one of its pools",
            "remove it, or add the pool to 'nearest'");
      }
    }
    measure.size += near.size();
    return measure.around(
        new Policy.Nearest(near, biases, nearest.limit(), nearest.withinPercent()));
  }

  private Resolved geo(PolicyTerm.Geo geo, int level, Measure measure) {
    Map<String, Policy> networks = new LinkedHashMap<>();
    Map<Long, Policy> asns = new LinkedHashMap<>();
    Map<Long, Policy> cities = new LinkedHashMap<>();
    Map<String, Policy> subdivisions = new LinkedHashMap<>();
    Map<String, Policy> countries = new LinkedHashMap<>();
    Map<String, Policy> continents = new LinkedHashMap<>();
    @Nullable Policy otherwise = null;
    for (PolicyTerm.GeoBranch branch : geo.branches()) {
      Policy child = measure.add(resolve(branch.child(), level + 1));
      switch (branch.scope()) {
        case NETWORK -> networks.put(branch.name(), child);
        case ASN -> asns.put(Long.parseLong(branch.name()), child);
        case CITY -> cities.put(Long.parseLong(branch.name()), child);
        case SUBDIVISION -> subdivisions.put(branch.name(), child);
        case COUNTRY -> countries.put(branch.name(), child);
        case CONTINENT -> continents.put(branch.name(), child);
        case DEFAULT -> otherwise = child;
      }
    }
    if (otherwise == null) {
      diagnostics.warning(
          geo.where(),
          "'geo' has no 'default'",
          "clients that no other key names get no address",
          "add 'default'");
    }
    return measure.around(
        new Policy.Geo(networks, asns, cities, subdivisions, countries, continents, otherwise));
  }
}
