package gslb.steering;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The endpoints of one site that serve a service.
///
/// @param id dense over the catalog
/// @param site where it stands; without one the pool has no place in a `nearest`
/// @param redirectTo scheme, authority and optional path prefix without a final slash, as in
///     `https://eu.example.com`; without one the pool is never a redirect's target
public record Pool(
    int id,
    String name,
    @Nullable Site site,
    MinHealthy minHealthy,
    @Nullable String redirectTo,
    List<Endpoint> endpoints) {
  public Pool {
    endpoints = List.copyOf(endpoints);
  }
}
