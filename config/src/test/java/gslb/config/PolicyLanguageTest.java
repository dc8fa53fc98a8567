package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.Catalog;
import gslb.steering.Policy;
import gslb.steering.Policy.Weighted.Branch;
import gslb.steering.Pool;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class PolicyLanguageTest {
  private static String config(String policies) {
    return """
    sites:
      frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}
    geo: {databases: [city.mmdb], networks: {office: [192.0.2.0/24]}}
    zones:
      gslb.example: {file: gslb.example.zone}
    pools:
      eu: {site: frankfurt, endpoints: [{address: 192.0.2.1}]}
      us: {site: frankfurt, endpoints: [{address: 192.0.2.2}]}
      far: {endpoints: [{address: 192.0.2.3}]}
    """
        + policies;
  }

  private static String service(String policy) {
    return config("services:\n  www: {names: [www.gslb.example], policy: " + policy + "}\n");
  }

  private static Catalog catalog(String policy) {
    return Loaded.good(service(policy)).catalog();
  }

  private static void means(String yaml, Function<List<Pool>, Policy> policy) {
    Catalog catalog = catalog(yaml);
    assertThat(catalog.services().getFirst().policy()).isEqualTo(policy.apply(catalog.pools()));
  }

  private static Policy use(List<Pool> pools, int index) {
    return new Policy.Use(pools.get(index));
  }

  @Test
  void nameIsAPool() {
    means("eu", p -> use(p, 0));
  }

  @Test
  void listIsFailover() {
    means("[us, eu]", p -> new Policy.Failover(List.of(use(p, 1), use(p, 0))));
    means("[]", p -> new Policy.Failover(List.of()));
    means(
        "[[eu], [us, far]]",
        p ->
            new Policy.Failover(
                List.of(
                    new Policy.Failover(List.of(use(p, 0))),
                    new Policy.Failover(List.of(use(p, 1), use(p, 2))))));
  }

  @Test
  void whatStandsBehindAnEmptyListIsNeverAsked() {
    Loaded.warned(service("[us, [], »eu]"), "stands behind an empty list");
    Loaded.good(service("[us, []]"));
  }

  @Test
  void namesOfPoolsInWeightsAndBiasesSayWhereTheyStand() {
    Loaded.refused(
        service("{weighted: {eu: »-1, us: 1}}"), "'eu' of 'weighted' of 'policy' of service 'www'");
    Loaded.refused(
        service("{nearest: [eu], bias: {eu: »100}}"), "'eu' of 'bias' of 'policy' of service");
    Loaded.refused(
        service("{weighted: {eu: 1, »use: 1}}"),
        "a key of 'weighted' of 'policy' of service 'www' names pool 'use'");
  }

  @Test
  void anEmptyMapOrListIsCalledEmpty() {
    Loaded.refused(service("{geo: »{}}"), "'geo' of 'policy' of service 'www' is an empty map");
    Loaded.refused(service("{geo: »[]}"), "'geo' of 'policy' of service 'www' is an empty list");
  }

  @Test
  void weightsOfPoolsAreAMap() {
    means(
        "{weighted: {eu: 90, us: 10, far: 0}}",
        p ->
            new Policy.Weighted(
                List.of(
                    new Branch(use(p, 0), 90),
                    new Branch(use(p, 1), 10),
                    new Branch(use(p, 2), 0))));
  }

  @Test
  void weightsOfPoliciesAreAList() {
    means(
        "{weighted: [{to: [eu, us], weight: 3}, {to: far, weight: 1}]}",
        p ->
            new Policy.Weighted(
                List.of(
                    new Branch(new Policy.Failover(List.of(use(p, 0), use(p, 1))), 3),
                    new Branch(use(p, 2), 1))));
  }

  @Test
  void nearestTriesThreePoolsUnlessTold() {
    means("{nearest: [us, eu]}", p -> new Policy.Nearest(List.of(p.get(1), p.get(0)), 3));
    means("{nearest: [us, eu], limit: 1}", p -> new Policy.Nearest(List.of(p.get(1), p.get(0)), 1));
  }

  @Test
  void stickyIsWrittenLikeWeighted() {
    means(
        "{sticky: {eu: 3, us: 1, far: 0}}",
        p ->
            new Policy.Sticky(
                List.of(
                    new Branch(use(p, 0), 3), new Branch(use(p, 1), 1), new Branch(use(p, 2), 0))));
    means(
        "{sticky: [eu, {to: [us, far], weight: 2}]}",
        p ->
            new Policy.Sticky(
                List.of(
                    new Branch(use(p, 0), 1),
                    new Branch(new Policy.Failover(List.of(use(p, 1), use(p, 2))), 2))));
    Loaded.refused(service("{sticky: »{eu: 0}}"), "only weights of 0");
  }

  @Test
  void poolsInAListAreAlike() {
    means(
        "{weighted: [eu, us]}",
        p -> new Policy.Weighted(List.of(new Branch(use(p, 0), 1), new Branch(use(p, 1), 1))));
  }

  @Test
  void hashesAreMadeOverABoundedNumberOfBranches() {
    String branches = String.join(", ", Collections.nCopies(65, "eu"));
    Loaded.refused(service("»{sticky: [" + branches + "]}"), "65 branches in 'sticky'", "up to 64");
  }

  @Test
  void allJoinsPools() {
    means("{all: [us, eu]}", p -> new Policy.All(List.of(p.get(1), p.get(0))));
    Loaded.refused(service("{all: [eu, »eu]}"), "pool 'eu' stands twice in 'all'");
  }

  @Test
  void nearestHasBiasesAndARing() {
    means(
        "{nearest: [us, eu], bias: {eu: -50}, within: 1.5, limit: 2}",
        p -> new Policy.Nearest(List.of(p.get(1), p.get(0)), List.of(0, -50), 2, 150));
    means(
        "{nearest: [us, eu], within: 2}",
        p -> new Policy.Nearest(List.of(p.get(1), p.get(0)), List.of(0, 0), 3, 200));
    Loaded.refused(service("{nearest: [us], bias: {us: »100}}"), "from -99 to 99");
    Loaded.refused(
        service("{nearest: [us], bias: {»eu: 5}}"), "'bias' names pool 'eu', which 'nearest' does");
    Loaded.refused(service("{nearest: [us], within: »0.9}"), "1 to 10");
    Loaded.refused(service("{nearest: [us], within: »1.555}"), "up to two digits");
    Loaded.refused(service("»{within: 2, sticky: [us]}"), "has 'within' without 'nearest'");
  }

  @Test
  void geoKeysNameNetworksCountriesAndContinents() {
    means(
        "{geo: {networks/office: far, EU/DE: us, country/XK: far, EU: eu, default: [us, eu]}}",
        p ->
            new Policy.Geo(
                Map.of("office", use(p, 2)),
                Map.of("DE", use(p, 1), "XK", use(p, 2)),
                Map.of("EU", use(p, 0)),
                new Policy.Failover(List.of(use(p, 1), use(p, 0)))));
  }

  @Test
  void geoKeysNameSubdivisionsCitiesAndAutonomousSystems() {
    means(
        "{geo: {asn/64500: far, asn/4294967295: us, city/2950159: us, EU/DE/BY: eu,"
            + " country/FR/75: us, EU/GB/ENG: far, EU/DE: us, default: eu}}",
        p ->
            new Policy.Geo(
                Map.of(),
                Map.of(64_500L, use(p, 2), 4_294_967_295L, use(p, 1)),
                Map.of(2_950_159L, use(p, 1)),
                Map.of("DE-BY", use(p, 0), "FR-75", use(p, 1), "GB-ENG", use(p, 2)),
                Map.of("DE", use(p, 1)),
                Map.of(),
                use(p, 0)));
  }

  @Test
  void sharedPolicyIsOneInstance() {
    Catalog catalog =
        Loaded.good(
                config(
                    """
                    policies:
                      both: [eu, us]
                    services:
                      a: {names: [a.gslb.example], policy: {policy: both}}
                      b: {names: [b.gslb.example], policy: [{policy: both}, far]}
                    """))
            .catalog();
    Policy both = catalog.services().getFirst().policy();
    Policy list = catalog.services().getLast().policy();
    assertThat(list).isInstanceOf(Policy.Failover.class);
    assertThat(((Policy.Failover) list).children().getFirst()).isSameAs(both);
  }

  @Test
  void circleIsRefusedWithItsPath() {
    Loaded.refused(
        config(
            """
            policies:
              a: [eu, {policy: b}]
              b: {geo: {default: {policy: c}}}
              c: {weighted: [{to: {policy: »a}, weight: 1}]}
            """),
        "policy 'a' leads back to itself: a → b → c → a");
    Loaded.refused(config("policies: {a: {policy: »a}}\n"), "a → a");
  }

  @Test
  void depthIsBoundedAlsoThroughSharedPolicies() {
    String deep = "[".repeat(15) + "eu" + "]".repeat(15);
    Loaded.good(service(deep));
    Loaded.refused(
        service("[".repeat(16) + "»eu" + "]".repeat(16)), "nested deeper than 16 levels");
    StringBuilder chain = new StringBuilder("policies:\n  p15: eu\n");
    for (int i = 0; i < 15; i++) {
      chain.append("  p").append(i).append(": [{policy: p").append(i + 1).append("}]\n");
    }
    assertThat(Loaded.load(config(chain.toString())).errors())
        .isNotEmpty()
        .allSatisfy(d -> assertThat(d.toString()).contains("nested deeper than 16 levels"));
  }

  @Test
  void sizeIsBoundedWhereSharedPoliciesMultiply() {
    StringBuilder doubling = new StringBuilder("policies:\n  p0: [eu]\n");
    for (int i = 1; i <= 6; i++) {
      doubling.append("  p").append(i).append(": [");
      doubling.append(("{policy: p" + (i - 1) + "},").repeat(20)).append("eu]\n");
    }
    assertThat(Loaded.load(config(doubling.toString())).errors())
        .isNotEmpty()
        .allSatisfy(d -> assertThat(d.toString()).contains("a policy has up to 100000 nodes"));
  }

  @Test
  void operatorsOfLaterVersionsAreUnknownAndTheOthersAreListed() {
    Loaded.refused(
        service("{»fastest: [eu, us]}"),
        "unknown key 'fastest'",
        "it may hold weighted, sticky, nearest, limit, bias, within, all, geo or policy");
    Loaded.refused(service("{»wieghted: {eu: 1}}"), "did you mean 'weighted'?");
  }

  @Test
  void mapHoldsOneOperator() {
    Loaded.refused(service("»{}"), "has no operator");
    Loaded.refused(service("»{limit: 1}"), "has no operator");
    Loaded.refused(service("»{weighted: {eu: 1}, limit: 1}"), "has 'limit' without 'nearest'");
    Loaded.refused(
        service("»{weighted: {eu: 1}, nearest: [eu]}"), "has several operators: weighted, nearest");
  }

  @Test
  void oddGeoKeysSayWhatIsPossible() {
    Loaded.refused(
        service("{geo: {»region/BY: eu, default: us}}"),
        "unknown key 'region/BY'",
        "keys are 'networks/NAME', 'asn/64500', 'city/2950159' (a geoname id), 'EU/DE/BY' or"
            + " 'country/DE/BY', 'EU/DE' or 'country/DE', 'EU' (a continent) and 'default'");
    Loaded.refused(service("{geo: {»DE: eu, default: us}}"), "write 'country/DE'");
    Loaded.refused(service("{geo: {»eu: eu, default: us}}"), "write 'EU'");
    Loaded.refused(service("{geo: {»defualt: eu, EU: us}}"), "did you mean 'default'?");
    Loaded.refused(service("{geo: {»EU/ZZ: eu, default: us}}"), "names no country");
    Loaded.refused(service("{geo: {»EU/UK: eu, default: us}}"), "write 'GB'");
    Loaded.refused(service("{geo: {»country/de: eu, default: us}}"), "write 'DE'");
    Loaded.refused(
        service("{geo: {»networks/ofice: eu, default: us}}"),
        "names network 'ofice', which is not defined",
        "did you mean 'office'?");
  }

  @Test
  void oddAutonomousSystemsSayWhatIsPossible() {
    for (String key : List.of("AS64500", "as64500", "asn/AS64500", "asn/064500")) {
      Loaded.refused(service("{geo: {»" + key + ": eu, default: us}}"), "write 'asn/64500'");
    }
    for (String key : List.of("asn/0", "asn/4294967296", "asn/-1", "asn/google", "asn/1.5")) {
      Loaded.refused(
          service("{geo: {»" + key + ": eu, default: us}}"),
          "'" + key + "'",
          "names no autonomous system",
          "it must end in a number from 1 to 4294967295, without leading zeros");
    }
    Loaded.refused(service("{geo: {»asn/99999999999999999999: eu, default: us}}"), "names no aut");
    Loaded.refused(
        service("{geo: {asn/64500: eu, »asn/064500: us, default: us}}"), "write 'asn/64500'");
    Loaded.refused(service("{geo: {asn/64500: eu, »asn/64500: us, default: us}}"), "asn/64500");
  }

  @Test
  void oddCitiesSayWhatIsPossible() {
    Loaded.refused(
        service("{geo: {»city/Berlin: eu, default: us}}"),
        "'city/Berlin'",
        "names no city; it must end in a geoname id, a number from 1 to 4294967295; names of cities"
            + " change and are spelled in many ways; look the city up at geonames.org");
    Loaded.refused(service("{geo: {»city/02950159: eu, default: us}}"), "write 'city/2950159'");
    Loaded.refused(service("{geo: {»city/0: eu, default: us}}"), "names no city");
    Loaded.refused(service("{geo: {»city/4294967296: eu, default: us}}"), "names no city");
  }

  @Test
  void oddSubdivisionsSayWhatIsPossible() {
    for (String key : List.of("EU/DE/by", "EU/DE/DE-BY", "EU/DE/OBB7/BY")) {
      Loaded.refused(
          service("{geo: {»" + key + ": eu, default: us}}"),
          "names no subdivision",
          "it must end in what ISO 3166-2 has behind the dash, up to 3 capital letters and digits,"
              + " such as 'BY' of DE-BY",
          "write 'EU/DE/BY'");
    }
    Loaded.refused(service("{geo: {»EU/DE/Bayern: eu, default: us}}"), "names no subdivision");
    Loaded.refused(service("{geo: {»EU/DE/: eu, default: us}}"), "names no subdivision");
    Loaded.refused(
        service("{geo: {»EU/ZZ/BY: eu, default: us}}"),
        "names no country; before the subdivision stands a country's two letters");
    Loaded.refused(service("{geo: {»country/UK/ENG: eu, default: us}}"), "write 'GB'");
    Loaded.refused(service("{geo: {»DE-BY: eu, default: us}}"), "write 'country/DE/BY'");
    Loaded.refused(
        service("{geo: {EU/DE/BY: eu, »country/DE/BY: us, default: us}}"),
        "'country/DE/BY' is the same place as 'EU/DE/BY'");
    Loaded.warned(
        service("{geo: {»EU/US/NY: eu, default: us}}"),
        "'EU/US/NY' puts US into EU",
        "write 'country/US/NY' or 'NA/US/NY'");
  }

  @Test
  void countryUnderAnotherContinentIsAWarning() {
    Loaded.warned(
        service("{geo: {»EU/US: eu, default: us}}"),
        "'EU/US' puts US into EU",
        "write 'country/US' or 'NA/US'");
    Loaded.warned(
        service("eu").replace("continent: EU", "continent: »AS"), "puts DE into AS", "it is in EU");
  }

  @Test
  void placeHasOneBranch() {
    Loaded.refused(
        service("{geo: {EU/DE: eu, »country/DE: us, default: us}}"),
        "'country/DE' is the same place as 'EU/DE'",
        "etc/gslb.yaml:11:51");
  }

  @Test
  void geoWithoutDefaultIsAWarning() {
    Loaded.warned(service("»{geo: {EU: eu}}"), "'geo' has no 'default'");
  }

  @Test
  void geoWithoutADatabaseIsAWarning() {
    Loaded.warned(
        service("»{nearest: [eu, us]}").replace("databases: [city.mmdb], ", ""),
        "no geo database is configured");
    for (String key : List.of("EU", "EU/DE", "EU/DE/BY", "city/1", "asn/1")) {
      Loaded.warned(
          service("[{geo: {»" + key + ": eu, default: us}}]")
              .replace("databases: [city.mmdb], ", ""),
          "no geo database is configured");
    }
  }

  @Test
  void somebodyHasAWeight() {
    Loaded.refused(service("{weighted: »{eu: 0, us: 0}}"), "has only weights of 0");
    Loaded.refused(service("{weighted: »{}}"), "has no branches");
    Loaded.refused(
        service("{weighted: »[{to: eu, weight: 0}]}"), "at least one weight must be above 0");
    Loaded.refused(service("{weighted: {eu: »-1}}"), "from 0 to 1000000");
  }

  @Test
  void poolsOfNearestHaveASiteAndStandOnce() {
    Loaded.refused(service("{nearest: [eu, »far]}"), "pool 'far' has no site");
    Loaded.refused(service("{nearest: [eu, us, »eu]}"), "pool 'eu' stands twice in 'nearest'");
  }

  @Test
  void poolThatIsNeverReachedIsAWarning() {
    Loaded.warned(service("[eu, us, »eu]"), "pool 'eu' stands earlier in the same list");
  }

  @Test
  void policyNamedLikeAPoolIsExplained() {
    Loaded.refused(
        config(
            """
            policies:
              both: [eu, us]
            services:
              a: {names: [a.gslb.example], policy: »both}
            """),
        "names pool 'both', which is not defined",
        "write {policy: both}");
  }

  @Test
  void unusedPolicyAndNetworkAreWarnings() {
    Loaded.warned(config("policies: {»both: [eu, us]}\n"), "policy 'both' is not used");
    Loaded.warned(service("eu").replace("office", "»office"), "network 'office' is not used");
  }
}
