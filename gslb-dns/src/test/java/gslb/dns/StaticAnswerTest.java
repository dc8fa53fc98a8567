package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// RFC 1034 §4.3.2 clause by clause, over names that no service steers.
final class StaticAnswerTest {
  private static final String SOA_LINE =
      "authority example.org. 60 SOA ns1.example.org. hostmaster.example.org. 1 3600 900 1209600"
          + " 60\n";

  private static final TestZone ORG =
      TestZone.of(
          "example.org",
          """
          $TTL 300
          @ 3600 SOA ns1 hostmaster 1 3600 900 1209600 60
          @ NS ns1
          ns1 A 192.0.2.53
          www A 192.0.2.80
          www A 192.0.2.81
          www AAAA 2001:db8::80
          txt TXT "words"
          mail MX 10 www
          mail MX 20 mx.example.net.
          srv SRV 1 2 443 www
          a.b.ent TXT "deep"
          *.wild A 192.0.2.99
          host.wild TXT "closer"
          *.aliases CNAME www
          alias 60 CNAME Www
          alias2 CNAME alias
          abroad CNAME www.example.net.
          held CNAME www.other.example.
          dangling CNAME nothing
          empty CNAME b.ent
          steered CNAME ALL.gslb.example.
          loop1 CNAME loop2
          loop2 CNAME loop1
          self CNAME self
          below CNAME www.sub
          sub NS ns.sub
          sub NS ns2.sub
          sub NS ns1
          sub NS ns.example.net.
          sub 86400 DS 12345 13 2 0102030405060708091011121314151617181920212223242526272829303132
          ns.sub A 192.0.2.54
          ns2.sub AAAA 2001:db8::54
          child NS ns.child
          ns.child A 192.0.2.55
          child DS 1 13 2 0102030405060708091011121314151617181920212223242526272829303132
          unsigned NS ns1
          unsigned.child NS ns1
          old 120 DNAME new
          www.new A 192.0.2.90
          long DNAME aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
          """);

  private static final TestZone CHILD =
      TestZone.of(
          "child.example.org",
          """
          $TTL 300
          @ 30 SOA ns hostmaster 7 3600 900 1209600 60
          @ NS ns
          ns A 192.0.2.55
          """);

  private static final TestZone OTHER =
      TestZone.of(
          "other.example",
          """
          $TTL 300
          @ SOA ns1.example.org. hostmaster 1 3600 900 1209600 60
          @ NS ns1.example.org.
          www A 192.0.2.70
          """);

  private final TestServer server = new TestServer(ORG, CHILD, OTHER);

  @Test
  void namesOutsideOurZonesAreRefused() {
    assertThat(server.ask("www.example.net A")).isEqualTo("REFUSED\n");
    assertThat(server.ask("org A")).isEqualTo("REFUSED\n");
    assertThat(server.ask(TestQuery.empty().question(new byte[1], 2, 1))).isEqualTo("REFUSED\n");
  }

  @Test
  void anRrsetIsAnsweredWholeAndAlone() {
    assertThat(server.ask("www.example.org A"))
        .isEqualTo(
            """
            NOERROR aa
            answer www.example.org. 300 A 192.0.2.80
            answer www.example.org. 300 A 192.0.2.81
            """);
    assertThat(server.ask("mail.example.org MX"))
        .isEqualTo(
            """
            NOERROR aa
            answer mail.example.org. 300 MX 10 www.example.org.
            answer mail.example.org. 300 MX 20 mx.example.net.
            """);
    assertThat(server.ask("srv.example.org SRV"))
        .isEqualTo("NOERROR aa\nanswer srv.example.org. 300 SRV 1 2 443 www.example.org.\n");
  }

  @Test
  void nameServersAskedForComeWithTheirAddresses() {
    assertThat(server.ask("example.org NS"))
        .isEqualTo(
            """
            NOERROR aa
            answer example.org. 300 NS ns1.example.org.
            additional ns1.example.org. 300 A 192.0.2.53
            """);
  }

  @Test
  void aWildcardGivesTheAddressOfAServer() {
    TestServer wild =
        new TestServer(
            TestZone.of(
                "example.org",
                """
                @ 60 SOA ns h 1 1 1 1 60
                @ 60 NS ns
                sub 60 NS any.hosts
                *.hosts 60 A 192.0.2.7
                """));
    assertThat(wild.ask("sub.example.org A"))
        .isEqualTo(
            """
            NOERROR
            authority sub.example.org. 60 NS any.hosts.example.org.
            additional any.hosts.example.org. 60 A 192.0.2.7
            """);
  }

  @Test
  void anAskedSoaKeepsItsOwnTtl() {
    assertThat(server.ask("example.org SOA"))
        .isEqualTo(
            "NOERROR aa\n" + SOA_LINE.replace("authority", "answer").replace(". 60 S", ". 3600 S"));
  }

  @Test
  void theCaseOfTheQuestionComesBack() {
    assertThat(server.ask("wWw.ExAmPlE.oRg AAAA"))
        .isEqualTo("NOERROR aa\nanswer wWw.ExAmPlE.oRg. 300 AAAA 2001:db8:0:0:0:0:0:80\n");
  }

  /// RFC 3597 §3, where nothing is compressed.
  @Test
  void theCaseOfNamesInRdataIsKept() {
    TestServer mixed =
        new TestServer(
            TestZone.of(
                "example.org",
                """
                @ 60 SOA Ns1 HostMaster 1 3600 900 1209600 60
                @ 60 NS ns1
                srv 60 SRV 1 2 443 WwW.eXample.Org.
                rp 60 RP Some.One @
                mail 60 MX 10 PosT
                """));
    assertThat(mixed.ask("srv.example.org SRV"))
        .isEqualTo("NOERROR aa\nanswer srv.example.org. 60 SRV 1 2 443 WwW.eXample.Org.\n");
    assertThat(mixed.ask("rp.example.org RP"))
        .isEqualTo("NOERROR aa\nanswer rp.example.org. 60 RP Some.One.example.org. example.org.\n");
    assertThat(mixed.ask("mail.example.org MX"))
        .isEqualTo("NOERROR aa\nanswer mail.example.org. 60 MX 10 PosT.example.org.\n");
    assertThat(mixed.ask("example.org SOA"))
        .startsWith("NOERROR aa\nanswer example.org. 60 SOA Ns1.example.org. HostMaster.example.");
  }

  @Test
  void nodataCarriesSoaWithNegativeTtl() {
    assertThat(server.ask("www.example.org TXT")).isEqualTo("NOERROR aa\n" + SOA_LINE);
  }

  @Test
  void nxdomainCarriesSoaWithNegativeTtl() {
    assertThat(server.ask("nothing.example.org A")).isEqualTo("NXDOMAIN aa\n" + SOA_LINE);
  }

  @Test
  void negativeTtlIsThatOfTheSoaWhereItIsBelowMinimum() {
    assertThat(server.ask("nothing.child.example.org A"))
        .startsWith("NXDOMAIN aa\nauthority child.example.org. 30 SOA ns.child.example.org. ");
    // The SOA of example.org has a TTL of 3,600 and a MINIMUM of 60.
    assertThat(server.ask("nothing.example.org A")).isEqualTo("NXDOMAIN aa\n" + SOA_LINE);
  }

  @Test
  void anEmptyNonTerminalExists() {
    assertThat(server.ask("b.ent.example.org TXT")).isEqualTo("NOERROR aa\n" + SOA_LINE);
    assertThat(server.ask("ent.example.org ANY")).isEqualTo("NOERROR aa\n" + SOA_LINE);
    assertThat(server.ask("c.ent.example.org A")).isEqualTo("NXDOMAIN aa\n" + SOA_LINE);
  }

  @Test
  void aWildcardAnswersInTheNameAsked() {
    assertThat(server.ask("x.wild.example.org A"))
        .isEqualTo("NOERROR aa\nanswer x.wild.example.org. 300 A 192.0.2.99\n");
    assertThat(server.ask("x.y.z.wild.example.org A"))
        .isEqualTo("NOERROR aa\nanswer x.y.z.wild.example.org. 300 A 192.0.2.99\n");
    assertThat(server.ask("*.wild.example.org A"))
        .isEqualTo("NOERROR aa\nanswer *.wild.example.org. 300 A 192.0.2.99\n");
    assertThat(server.ask("x.wild.example.org TXT")).isEqualTo("NOERROR aa\n" + SOA_LINE);
  }

  /// RFC 4592 §4.1: the asterisk of a zone's own name synthesizes nothing.
  @Test
  void aZonesNameMayBeginWithAnAsterisk() {
    TestServer wild =
        new TestServer(
            TestZone.of(
                "*.example",
                """
                @ 60 SOA ns.example.net. h.example.net. 1 1 1 1 60
                @ 60 NS ns.example.net.
                www 60 TXT "the www txt record"
                """));
    assertThat(wild.ask("www.*.example TXT"))
        .isEqualTo("NOERROR aa\nanswer www.*.example. 60 TXT \"the www txt record\"\n");
    assertThat(wild.ask("x.*.example TXT")).startsWith("NXDOMAIN aa\nauthority *.example. 60 SOA");
    assertThat(wild.ask("www.example TXT")).isEqualTo("REFUSED\n");
  }

  @Test
  void aWildcardDoesNotReachBelowOrOverExistingNames() {
    assertThat(server.ask("host.wild.example.org A")).isEqualTo("NOERROR aa\n" + SOA_LINE);
    assertThat(server.ask("x.host.wild.example.org A")).isEqualTo("NXDOMAIN aa\n" + SOA_LINE);
    assertThat(server.ask("wild.example.org A")).isEqualTo("NOERROR aa\n" + SOA_LINE);
  }

  @Test
  void aWildcardCnameIsFollowed() {
    assertThat(server.ask("any.aliases.example.org AAAA"))
        .isEqualTo(
            """
            NOERROR aa
            answer any.aliases.example.org. 300 CNAME www.example.org.
            answer www.example.org. 300 AAAA 2001:db8:0:0:0:0:0:80
            """);
  }

  @Test
  void aChainOfCnamesIsFollowedWithinItsZone() {
    assertThat(server.ask("alias2.example.org AAAA"))
        .isEqualTo(
            """
            NOERROR aa
            answer alias2.example.org. 300 CNAME alias.example.org.
            answer alias.example.org. 60 CNAME Www.example.org.
            answer Www.example.org. 300 AAAA 2001:db8:0:0:0:0:0:80
            """);
  }

  @Test
  void aChainIsFollowedIntoAnotherOfOurZones() {
    assertThat(server.ask("held.example.org A"))
        .isEqualTo(
            """
            NOERROR aa
            answer held.example.org. 300 CNAME www.other.example.
            answer www.other.example. 300 A 192.0.2.70
            """);
  }

  @Test
  void aChainEndsWhereOurZonesEnd() {
    assertThat(server.ask("abroad.example.org A"))
        .isEqualTo("NOERROR aa\nanswer abroad.example.org. 300 CNAME www.example.net.\n");
  }

  @Test
  void aCnameAskedForIsNotFollowed() {
    assertThat(server.ask("alias.example.org CNAME"))
        .isEqualTo("NOERROR aa\nanswer alias.example.org. 60 CNAME Www.example.org.\n");
    assertThat(server.ask("alias.example.org ANY"))
        .isEqualTo("NOERROR aa\nanswer alias.example.org. 60 CNAME Www.example.org.\n");
  }

  @Test
  void theRcodeIsThatOfTheLastNameOfAChain() {
    assertThat(server.ask("dangling.example.org A"))
        .isEqualTo(
            "NXDOMAIN aa\nanswer dangling.example.org. 300 CNAME nothing.example.org.\n"
                + SOA_LINE);
    assertThat(server.ask("empty.example.org A"))
        .isEqualTo(
            "NOERROR aa\nanswer empty.example.org. 300 CNAME b.ent.example.org.\n" + SOA_LINE);
  }

  @Test
  void aLoopEndsWithTheAnswerSoFar() {
    assertThat(server.ask("loop1.example.org A"))
        .isEqualTo(
            """
            NOERROR aa
            answer loop1.example.org. 300 CNAME loop2.example.org.
            answer loop2.example.org. 300 CNAME loop1.example.org.
            """);
    assertThat(server.ask("self.example.org A"))
        .isEqualTo("NOERROR aa\nanswer self.example.org. 300 CNAME self.example.org.\n");
  }

  @Test
  void aChainIsFollowedSixteenTimes() {
    StringBuilder text =
        new StringBuilder("@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\nc17 60 A 192.0.2.1\n");
    for (int i = 0; i < 17; i++) {
      text.append("c%d 60 CNAME c%d\n".formatted(i, i + 1));
    }
    TestServer chained = new TestServer(TestZone.of("example.org", text.toString()));
    chained.overTcp(true);
    assertThat(chained.ask("c1.example.org A").lines())
        .hasSize(1 + Responder.CHAIN_LENGTH_MAX)
        .last()
        .isEqualTo("answer c16.example.org. 60 CNAME c17.example.org.");
    assertThat(chained.ask("c2.example.org A").lines())
        .last()
        .isEqualTo("answer c17.example.org. 60 A 192.0.2.1");
  }

  @Test
  void aCutRefersToItsServersWithGlue() {
    String referral =
        """
        NOERROR
        authority sub.example.org. 300 NS ns.sub.example.org.
        authority sub.example.org. 300 NS ns2.sub.example.org.
        authority sub.example.org. 300 NS ns1.example.org.
        authority sub.example.org. 300 NS ns.example.net.
        additional ns.sub.example.org. 300 A 192.0.2.54
        additional ns2.sub.example.org. 300 AAAA 2001:db8:0:0:0:0:0:54
        additional ns1.example.org. 300 A 192.0.2.53
        """;
    assertThat(server.ask("www.sub.example.org A")).isEqualTo(referral);
    assertThat(server.ask("sub.example.org NS")).isEqualTo(referral);
    assertThat(server.ask("ns.sub.example.org A")).isEqualTo(referral);
    assertThat(server.ask("x.sub.example.org DS")).isEqualTo(referral);
    assertThat(server.ask("sub.example.org ANY")).isEqualTo(referral);
  }

  @Test
  void aReferralAfterAnAliasIsAuthoritativeForTheAlias() {
    assertThat(server.ask("below.example.org A"))
        .startsWith(
            """
            NOERROR aa
            answer below.example.org. 300 CNAME www.sub.example.org.
            authority sub.example.org. 300 NS ns.sub.example.org.
            """)
        .endsWith("additional ns1.example.org. 300 A 192.0.2.53\n");
  }

  @Test
  void theParentAnswersForDsAtItsCut() {
    assertThat(server.ask("sub.example.org DS"))
        .startsWith("NOERROR aa\nanswer sub.example.org. 86400 DS 12345 13 2 0102");
    assertThat(server.ask("unsigned.example.org DS")).isEqualTo("NOERROR aa\n" + SOA_LINE);
    assertThat(server.ask("child.example.org DS"))
        .as("a child served here")
        .contains(" 300 DS 1 13 ");
  }

  @Test
  void theParentAnswersForDsEvenBesideItsChild() {
    assertThat(server.ask("child.example.org DS"))
        .startsWith("NOERROR aa\nanswer child.example.org. 300 DS 1 13 2 0102");
    assertThat(server.ask("child.example.org TXT"))
        .startsWith("NOERROR aa\nauthority child.example.org. 30 SOA ns.child.example.org. ");
  }

  @Test
  void aChildWithoutItsParentDeniesDs() {
    assertThat(new TestServer(CHILD).ask("child.example.org DS"))
        .startsWith("NOERROR aa\nauthority child.example.org. 30 SOA ns.child.example.org. ");
  }

  @Test
  void theParentDeniesTheDsOfAChildItDoesNotDelegate() {
    TestZone loose =
        TestZone.of("loose.example.org", "@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns.example.net.\n");
    assertThat(new TestServer(ORG, loose).ask("loose.example.org DS"))
        .isEqualTo("NOERROR aa\n" + SOA_LINE);
  }

  @Test
  void aZoneAboveTheParentDoesNotAnswerForDs() {
    TestZone deep =
        TestZone.of("deep.sub.example.org", "@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns.example.net.\n");
    assertThat(new TestServer(ORG, deep).ask("deep.sub.example.org DS"))
        .startsWith("NOERROR aa\nauthority deep.sub.example.org. 60 SOA ");
  }

  @Test
  void dnameMovesTheNamesBelowIt() {
    assertThat(server.ask("www.old.example.org A"))
        .isEqualTo(
            """
            NOERROR aa
            answer old.example.org. 120 DNAME new.example.org.
            answer www.old.example.org. 120 CNAME www.new.example.org.
            answer www.new.example.org. 300 A 192.0.2.90
            """);
    assertThat(server.ask("x.old.example.org A"))
        .isEqualTo(
            """
            NXDOMAIN aa
            answer old.example.org. 120 DNAME new.example.org.
            answer x.old.example.org. 120 CNAME x.new.example.org.
            """
                + SOA_LINE);
  }

  @Test
  void theCnameThatADnameMeansIsNotFollowedIfAskedFor() {
    assertThat(server.ask("x.old.example.org CNAME"))
        .isEqualTo(
            """
            NOERROR aa
            answer old.example.org. 120 DNAME new.example.org.
            answer x.old.example.org. 120 CNAME x.new.example.org.
            """);
  }

  @Test
  void dnameDoesNotMoveItsOwner() {
    assertThat(server.ask("old.example.org A")).isEqualTo("NOERROR aa\n" + SOA_LINE);
    assertThat(server.ask("old.example.org DNAME"))
        .isEqualTo("NOERROR aa\nanswer old.example.org. 120 DNAME new.example.org.\n");
  }

  @Test
  void aNameThatDnameMakesTooLongIsYxdomain() {
    String label = "b".repeat(63);
    String name = label + "." + label + ".long.example.org A";
    assertThat(server.ask(name))
        .startsWith("YXDOMAIN aa\nanswer long.example.org. 300 DNAME aaaa")
        .hasLineCount(2);
  }

  @Test
  void aNameOf255OctetsIsNotTooLong() {
    // The target's wire form has 141 octets: two labels of 63 and example.org.
    server.overTcp(true);
    String label = "b".repeat(63);
    String fits = label + "." + "b".repeat(49);
    assertThat(server.ask(fits + ".long.example.org A")).startsWith("NXDOMAIN aa\nanswer long.");
    assertThat(server.ask(fits + "b.long.example.org A")).startsWith("YXDOMAIN aa\nanswer long.");
  }

  @Test
  void onlyNamesOfRfc1035AreCompressedInRdata() {
    int questionEnd = TestQuery.of("srv.example.org", 33).toBytes().length;
    assertThat(server.answer(TestQuery.of("srv.example.org", 33).toBytes()))
        .hasSize(questionEnd + 12 + 6 + 17);
    questionEnd = TestQuery.of("old.example.org", 39).toBytes().length;
    assertThat(server.answer(TestQuery.of("old.example.org", 39).toBytes()))
        .hasSize(questionEnd + 12 + 17);
    questionEnd = TestQuery.of("alias2.example.org", 5).toBytes().length;
    assertThat(server.answer(TestQuery.of("alias2.example.org", 5).toBytes()))
        .hasSize(questionEnd + 12 + 8);
  }

  /// The octets of a name can end those of the question without being a suffix of its labels.
  @Test
  void aPointerLeadsToALabelOfTheQuestion() {
    TestServer net =
        new TestServer(
            TestZone.of(
                "net", "@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\n* 60 MX 10 example.org.net.\n"));
    assertThat(net.ask("a\\007example\\003org.net MX"))
        .isEqualTo("NOERROR aa\nanswer a\\007example\\003org.net. 60 MX 10 example.org.net.\n");
  }

  @Test
  void anyGetsOneHinfo() {
    assertThat(server.ask("www.example.org ANY"))
        .isEqualTo("NOERROR aa\nanswer www.example.org. 3600 HINFO \"RFC8482\" \"\"\n");
    assertThat(server.ask("q.wild.example.org ANY"))
        .isEqualTo("NOERROR aa\nanswer q.wild.example.org. 3600 HINFO \"RFC8482\" \"\"\n");
    assertThat(server.ask("nothing.example.org ANY")).isEqualTo("NXDOMAIN aa\n" + SOA_LINE);
  }

  @Test
  void transfersAreRefusedAndMetaTypesAreNoQuestions() {
    assertThat(server.ask("example.org AXFR")).isEqualTo("REFUSED\n");
    assertThat(server.ask("example.org IXFR")).isEqualTo("REFUSED\n");
    assertThat(server.ask("example.org TKEY")).isEqualTo("REFUSED\n");
    assertThat(server.ask("example.org MAILA")).isEqualTo("NOTIMP\n");
    assertThat(server.ask("example.org MAILB")).isEqualTo("NOTIMP\n");
    assertThat(server.ask("example.org OPT")).isEqualTo("FORMERR\n");
    assertThat(server.ask("example.org TSIG")).isEqualTo("FORMERR\n");
    assertThat(server.ask("example.org TYPE128")).isEqualTo("FORMERR\n");
  }

  @Test
  void otherClassesAreRefused() {
    byte[] name = TestZone.name(ORG.apex()).toWire();
    for (int qclass : new int[] {0, 3, 4, 254, 255}) {
      assertThat(server.ask(TestQuery.empty().question(name, 6, qclass))).isEqualTo("REFUSED\n");
    }
  }
}
