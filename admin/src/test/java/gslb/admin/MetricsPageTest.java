package gslb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The page, read by a strict parser of Prometheus' text format 0.0.4.
final class MetricsPageTest {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")(?:\\{" + LABEL + "(?:," + LABEL + ")*\\})? (\\S+)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
  private static final Pattern HELP =
      Pattern.compile("# HELP (" + NAME + ") (?:[^\\\\\\n]|\\\\[\\\\n])*");

  /// Sample with its labels → value. Fails on anything that the format does not allow: text out of
  /// grammar, a name in two groups, a type after its samples, a sample twice.
  private static Map<String, String> parse(String page) {
    assertThat(page).endsWith("\n").doesNotContain("\r").doesNotContain("\n\n");
    Map<String, String> samples = new LinkedHashMap<>();
    Set<String> finished = new HashSet<>();
    String current = "";
    String typed = "";
    for (String line : page.lines().toList()) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      String name;
      if (help.matches()) {
        name = help.group(1);
      } else if (type.matches()) {
        name = type.group(1);
        assertThat(typed).isNotEqualTo(name);
        typed = name;
      } else {
        assertThat(sample.matches()).as(line).isTrue();
        name = sample.group(1);
        assertThat(typed).as(line).isEqualTo(name);
        if (!Set.of("NaN", "+Inf", "-Inf").contains(sample.group(2))) {
          assertThat(Double.parseDouble(sample.group(2))).isFinite();
        }
        String key = line.substring(0, line.lastIndexOf(' '));
        assertThat(samples.put(key, sample.group(2))).as(line).isNull();
      }
      if (!name.equals(current)) {
        assertThat(finished).doesNotContain(name);
        finished.add(name);
        current = name;
      }
    }
    return samples;
  }

  @Test
  void aNodesPageParses() {
    Map<String, String> samples =
        parse(MetricsPage.render(FakeNode.sampleStatus(), List.of(FakeNode.counters())));
    assertThat(samples)
        .containsEntry("gslb_a_total", "5")
        .containsEntry("gslb_b_total{code=\"302\"}", "7")
        .containsEntry("gslb_b_total{code=\"307\"}", "9")
        .containsEntry("gslb_c_total", "0")
        .containsEntry("gslb_generation", "17")
        .containsEntry("gslb_build_info{version=\"0.1.0\"}", "1")
        .containsEntry("gslb_pool_available{pool=\"us\"}", "0")
        .containsEntry(
            "gslb_endpoint_verdict{pool=\"eu\",endpoint=\"2001:db8::10\",verdict=\"DOWN\"}", "1")
        .containsEntry(
            "gslb_endpoint_verdict{pool=\"eu\",endpoint=\"2001:db8::10\",verdict=\"UP\"}", "0")
        .containsEntry("gslb_endpoint_overridden{pool=\"eu\",endpoint=\"2001:db8::10\"}", "1")
        .containsEntry(
            "gslb_probe_duration_seconds{pool=\"us\",endpoint=\"198.51.100.10\",monitor=\"web\"}",
            "0.012345")
        .containsEntry("gslb_cluster_member_fresh{member=\"nrt1\"}", "0")
        // 2026-06-17T00:00:00Z by date(1)
        .containsEntry(
            "gslb_geo_database_build_timestamp_seconds{database=\"country.mmdb\"}", "1781654400")
        .containsEntry("gslb_geo_database_age_seconds{database=\"country.mmdb\"}", "13564800")
        .containsEntry("gslb_geo_database_old{database=\"country.mmdb\"}", "1")
        .containsEntry("gslb_geo_file_refused{file=\"country.mmdb\"}", "0")
        .containsEntry("gslb_geo_file_refused{file=\"networks.yaml\"}", "1")
        .containsEntry("gslb_geo_file_refusals_total{file=\"networks.yaml\"}", "3")
        .containsEntry(
            "gslb_geo_file_refusal_timestamp_seconds{file=\"networks.yaml\"}", "1795251600")
        .doesNotContainKey("gslb_geo_file_refusal_timestamp_seconds{file=\"country.mmdb\"}")
        .containsEntry("gslb_geo_networks", "2")
        .containsEntry("gslb_geo_network_prefixes", "7");
  }

  @Test
  void equalCountersOfSeveralSetsAreSummed() {
    MetricsPage page = new MetricsPage().add(FakeNode.counters()).add(FakeNode.counters());
    assertThat(parse(page.text())).containsEntry("gslb_b_total{code=\"307\"}", "18");
  }

  @Test
  void labelValuesAreEscaped() {
    String page =
        new MetricsPage()
            .gauge("gslb_x", "Help.", Double.NaN, "a", "q\"b\\c\nd", "b", "")
            .gauge("gslb_x", "Help.", Double.POSITIVE_INFINITY, "a", "é", "b", "}")
            .gauge("gslb_y", "Help.", 1e300)
            .text();
    assertThat(parse(page))
        .containsEntry("gslb_x{a=\"q\\\"b\\\\c\\nd\",b=\"\"}", "NaN")
        .containsEntry("gslb_x{a=\"é\",b=\"}\"}", "+Inf")
        .containsEntry("gslb_y", "1.0E300");
  }
}
