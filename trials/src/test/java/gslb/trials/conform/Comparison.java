package gslb.trials.conform;

import gslb.trials.conform.Reply.Aspect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// Asks gslb, Knot and NSD the same and compares; all three serve the same zones.
final class Comparison implements AutoCloseable {
  private static final int WINDOW = 50;
  private static final int UDP_LENGTH_MAX = 1232;

  private final Tally tally;
  private final Served served;
  private final RunningServer ourServer;
  private final RunningServer knotServer;
  private final RunningServer nsdServer;
  private final Exchange ours;
  private final Exchange knot;
  private final Exchange nsd;

  /// @param folder for the peers' configuration and state
  Comparison(List<CorpusZone> zones, Path folder, Tally tally) throws Exception {
    this.tally = tally;
    served = new Served(zones);
    knotServer = RunningServer.knot(zones, folder.resolve("knot"));
    try {
      nsdServer = RunningServer.nsd(zones, folder.resolve("nsd"));
    } catch (Throwable failure) {
      knotServer.close();
      throw failure;
    }
    try {
      ourServer = RunningServer.ours(zones);
    } catch (Throwable failure) {
      knotServer.close();
      nsdServer.close();
      throw failure;
    }
    ours = new Exchange(ourServer.address());
    knot = new Exchange(knotServer.address());
    nsd = new Exchange(nsdServer.address());
  }

  void ask(List<Question> questions) throws IOException {
    for (int from = 0; from < questions.size(); from += WINDOW) {
      List<Question> window = questions.subList(from, Math.min(questions.size(), from + WINDOW));
      ours.send(window);
      knot.send(window);
      nsd.send(window);
      Reply[] our = ours.receive(window);
      Reply[] knots = knot.receive(window);
      Reply[] nsds = nsd.receive(window);
      for (int i = 0; i < window.size(); i++) {
        compare(new Replies(window.get(i), our[i], knots[i], nsds[i], served));
      }
    }
  }

  private void compare(Replies udp) throws IOException {
    checkAlone(udp.question(), udp.ours());
    boolean isTruncated =
        udp.ours().isTruncated() || udp.knot().isTruncated() || udp.nsd().isTruncated();
    boolean hasOtherAdditional =
        udp.differs(Replies.Peer.KNOT, Aspect.ADDITIONAL)
            || udp.differs(Replies.Peer.NSD, Aspect.ADDITIONAL);
    if (!isTruncated && !hasOtherAdditional) {
      tally.add(udp);
      return;
    }
    Question question = udp.question();
    Replies tcp =
        new Replies(
            question, ours.tcp(question), knot.tcp(question), nsd.tcp(question), udp.served());
    if (isTruncated) {
      tally.addTruncation(udp);
    } else if (tcp.ours().additional().size() > udp.ours().additional().size()) {
      tally.addCutOff();
    }
    checkWhole(question, udp.ours(), tcp.ours());
    tally.add(tcp);
  }

  /// What holds of each of our replies over UDP, whatever others reply.
  private void checkAlone(Question question, Reply reply) {
    if (reply.length() > Math.min(question.variant().payloadSize(), UDP_LENGTH_MAX)) {
      tally.fault("the reply to " + question + " has " + reply.length() + " octets");
    }
    byte[] asked = Arrays.copyOfRange(question.toWire(0), 12, 16 + question.qname().length);
    if (!Arrays.equals(reply.question(), asked)) {
      tally.fault("the question came back otherwise: " + question);
    }
    for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
      List<Record> records = reply.message().getSection(section);
      if (new HashSet<>(records).size() != records.size()) {
        tally.fault("a record twice, RFC 2181 §5: " + question + " " + reply);
      }
    }
    if ((question.variant() == Question.Variant.ECS) != hasScopeZero(reply)) {
      tally.fault("client subnet, RFC 7871 §7.2.1: " + question + " " + reply);
    }
  }

  /// Static answers are the same for every client.
  private static boolean hasScopeZero(Reply reply) {
    if (reply.message().getOPT() == null) {
      return false;
    }
    for (EDNSOption option : reply.message().getOPT().getOptions()) {
      if (option instanceof ClientSubnetOption subnet) {
        return subnet.getSourcePrefixLength() == 24 && subnet.getScopePrefixLength() == 0;
      }
    }
    return false;
  }

  /// TC says that the whole reply does not fit, and without TC it is whole but for optional
  /// addresses.
  private void checkWhole(Question question, Reply udp, Reply tcp) {
    int limit = Math.min(question.variant().payloadSize(), UDP_LENGTH_MAX);
    boolean isWhole =
        udp.isAuthoritative() == tcp.isAuthoritative()
            && (udp.isTruncated()
                ? tcp.length() > limit
                : udp.rcode().equals(tcp.rcode())
                    && udp.answer().equals(tcp.answer())
                    && udp.authority().equals(tcp.authority()));
    if (!isWhole) {
      tally.fault("TC is wrong: " + question + "\n  udp " + udp + "\n  tcp " + tcp);
    }
  }

  @Override
  public void close() throws IOException {
    ourServer.close();
    knotServer.close();
    nsdServer.close();
    ours.close();
    knot.close();
    nsd.close();
  }
}
