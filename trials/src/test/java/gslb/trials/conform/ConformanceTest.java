package gslb.trials.conform;

import java.nio.file.Path;
import java.util.*;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

final class ConformanceTest {
  @TempDir Path folder;

  @Test
  void explore() throws Exception {
    Map<String, List<String>> groups = new TreeMap<>();
    int total = 0;
    for (String server : CorpusZone.SERVERS) {
      List<CorpusZone> zones = CorpusZone.of(server);
      try (RunningServer ours = RunningServer.ours(zones);
          RunningServer knot = RunningServer.knot(zones, folder.resolve(server + "-knot"));
          RunningServer nsd = RunningServer.nsd(zones, folder.resolve(server + "-nsd"));
          Exchange a = new Exchange(ours.address());
          Exchange b = new Exchange(knot.address());
          Exchange c = new Exchange(nsd.address())) {
        for (CorpusZone zone : zones) {
          long t = System.nanoTime();
          List<Question> all = Questions.of(zone.zone());
          total += all.size();
          for (int i = 0; i < all.size(); i += 50) {
            List<Question> w = all.subList(i, Math.min(all.size(), i + 50));
            a.send(w); b.send(w); c.send(w);
            Reply[] ra = a.receive(w), rb = b.receive(w), rc = c.receive(w);
            for (int k = 0; k < w.size(); k++) {
              Question q = w.get(k);
              Reply x = ra[k], y = rb[k], z = rc[k];
              if (x.isTruncated() || y.isTruncated() || z.isTruncated()) {
                groups.computeIfAbsent("TC " + x.isTruncated() + y.isTruncated() + z.isTruncated() + (x.answer().isEmpty()), g -> new ArrayList<>()).add(zone.name()+" "+q);
                x = a.tcp(q); y = b.tcp(q); z = c.tcp(q);
              }
              for (Reply.Aspect s : Reply.Aspect.values()) {
                Object p = x.aspect(s), k1 = y.aspect(s), n = z.aspect(s);
                if (p.equals(k1) && p.equals(n)) continue;
                String who = k1.equals(n) ? "PEERS" : p.equals(k1) ? "nsd" : p.equals(n) ? "knot" : "all";
                String any = q.qtype() == Type.ANY ? " ANY" : "";
                groups.computeIfAbsent(s + " " + who + any, g -> new ArrayList<>()).add(zone.name() + " " + q + "\n  ours " + x + "\n  knot " + y + "\n  nsd " + z);
              }
            }
          }
          System.out.println(zone.name() + " " + all.size() + " " + (System.nanoTime() - t) / 1000000 + " ms");
        }
      }
    }
    System.out.println("TOTAL " + total);
    StringBuilder out = new StringBuilder();
    groups.forEach((g, l) -> { System.out.println(g + ": " + l.size()); out.append("##### " + g + ": " + l.size() + "\n"); l.forEach(s -> out.append(s).append("\n")); });
    java.nio.file.Files.writeString(Path.of("/tmp/conf/groups.txt"), out);
  }
}
