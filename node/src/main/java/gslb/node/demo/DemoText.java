package gslb.node.demo;

import java.nio.file.Path;

/// What the demo prints: lines to copy.
final class DemoText {
  private DemoText() {}

  static String walkThrough(DemoLayout layout, Path folder) {
    DemoLayout.Ports ports = layout.ports();
    String address = DemoLayout.nodeAddress(1);
    String dig = "dig @" + address + " -p " + ports.dns() + " www.gslb.example +noall +answer";
    StringBuilder text = new StringBuilder();
    text.append("\nReady. The zone gslb.example is served; www.gslb.example is steered to the\n");
    text.append("nearest of three pools: eu (Frankfurt), us (Virginia), ap (Tokyo).\n\n");
    text.append(
        "Ask as a resolver that speaks for a client in Germany, the US, Brazil, Japan:\n\n");
    String[][] clients = {
      {"91.12.0.0/16", "eu"},
      {"17.0.0.0/8", "us"},
      {"200.147.0.0/16", "us"},
      {"133.11.0.0/16", "ap"}
    };
    for (String[] client : clients) {
      text.append("  ").append(dig).append(" +subnet=").append(client[0]);
      text.append("   # ").append(client[1]).append('\n');
    }
    text.append("\nBe redirected by the same decision, path and query untouched:\n\n");
    text.append("  curl -i -H 'Host: www.gslb.example' 'http://").append(address).append(':');
    text.append(ports.http()).append("/a/b?c=d'\n");
    text.append("  curl -L -H 'Host: www.gslb.example' 'http://").append(address).append(':');
    text.append(ports.http()).append("/a/b?c=d'\n");
    text.append("\nSee why, and what the node sees:\n\n");
    Path configuration = folder.resolve(DemoLayout.nodeName(1)).resolve("gslb.yaml");
    text.append("  ./gslb explain -c ").append(configuration);
    text.append(" www.gslb.example --client 91.12.0.1\n");
    text.append("  ./gslb status -c ").append(configuration).append("\n");
    if (layout.nodes() > 1) {
      text.append("\nThe other nodes answer on ");
      for (int i = 2; i <= layout.nodes(); i++) {
        text.append(i > 2 ? " and " : "").append(DemoLayout.nodeAddress(i));
      }
      text.append(", same ports.\n");
    }
    return text.append('\n').append(commands(layout)).append('\n').toString();
  }

  static String commands(DemoLayout layout) {
    StringBuilder text = new StringBuilder();
    text.append("Type  eu, us or ap  and Enter to kill or revive that pool");
    if (layout.nodes() > 1) {
      text.append(",\n      demo1, demo2 …  to kill or start that node");
    }
    return text.append(";  q  to quit.\n").toString();
  }
}
