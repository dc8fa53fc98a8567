package gslb.bench;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Families;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One service that leads to the nearest of several pools, each at another place where providers
/// have regions.
final class NearestCatalog {
  /// Degrees north and east, by pool.
  private static final double[][] REGIONS = {
    {50.11, 8.68}, {38.95, -77.45}, {35.68, 139.69}, {1.35, 103.82}, {-33.87, 151.21},
    {-23.55, -46.63}, {19.07, 72.88}, {51.51, -0.13}, {45.60, -122.60}, {45.50, -73.57},
    {-26.20, 28.04}, {25.20, 55.27}, {59.33, 18.07}, {37.56, 126.98}, {40.42, -3.70},
    {32.78, -96.80}, {-33.45, -70.67}, {52.23, 21.01}, {22.32, 114.17}, {-6.21, 106.85},
  };

  static final int POOLS_MAX = REGIONS.length;

  private NearestCatalog() {}

  /// @param pools 1..{@link #POOLS_MAX}
  static Catalog of(int pools) {
    List<Site> sites = new ArrayList<>();
    List<Endpoint> endpoints = new ArrayList<>();
    List<Pool> all = new ArrayList<>();
    for (int i = 0; i < pools; i++) {
      Site site = new Site("region" + i, "", "", REGIONS[i][0], REGIONS[i][1]);
      Endpoint endpoint = new Endpoint(i, Address.v4(0xc000_0200 + i), 1);
      sites.add(site);
      endpoints.add(endpoint);
      all.add(new Pool(i, "pool" + i, site, new MinHealthy.Endpoints(1), null, List.of(endpoint)));
    }
    Service service =
        new Service(
            0,
            "www",
            List.of(DnsName.of("www.gslb.example.")),
            new Service.Ttl(5, 30),
            Families.ANY,
            Service.Answers.ONE,
            new AllDown.Answer(),
            new Policy.Nearest(all, Policy.Nearest.LIMIT_DEFAULT),
            null);
    return new Catalog(sites, Map.of(), endpoints, all, List.of(service));
  }

  /// The same as a part of a configuration.
  static void write(int pools, StringBuilder text) {
    text.append("sites:\n");
    for (int i = 0; i < pools; i++) {
      text.append(
          "  region"
              + i
              + ": {continent: EU, country: DE, at: ["
              + REGIONS[i][0]
              + ", "
              + REGIONS[i][1]
              + "]}\n");
    }
    text.append("pools:\n");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < pools; i++) {
      text.append("  pool" + i + ": {site: region" + i);
      text.append(", endpoints: [{address: " + Address.v4(0xc000_0200 + i) + "}]}\n");
      names.append(i == 0 ? "" : ", ").append("pool").append(i);
    }
    text.append("services:\n  www:\n    names: [www.gslb.example]\n");
    text.append("    policy: {nearest: [" + names + "]}\n");
  }
}
