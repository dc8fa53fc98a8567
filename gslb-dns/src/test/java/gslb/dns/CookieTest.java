package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// The ring of RFC 7873 and RFC 9018.
final class CookieTest {
  // RFC 9018 appendix A.
  private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
  private static final String OLD_SECRET = "dd3bdf9344b678b185a6f5cb60fca715";
  private static final String NEW_SECRET = "445536bcd2513298075a5d379663c962";
  private static final String CLIENT = "2464c4abcf10c957";
  private static final String COOKIE = CLIENT + "010000005cf79f111f8130c3eee29480";
  private static final String ADDRESS = "198.51.100.100";
  private static final long MADE = 1_559_731_985;

  private static final String ANSWER = "NOERROR aa\nanswer www.example.org. 60 A 192.0.2.80\n";

  private final TestServer server =
      new TestServer(
              TestZone.of(
                  "example.org",
                  """
                  @ 60 SOA ns1 hostmaster 1 3600 900 1209600 60
                  @ 60 NS ns1
                  www 60 A 192.0.2.80
                  """))
          .withCookies(SECRET)
          .from(ADDRESS)
          .at(MADE);

  private static TestQuery www(String cookie) {
    return TestQuery.of("www.example.org", Type.A).edns(TestQuery.cookie(cookie));
  }

  /// The answer's cookie; asserts that there is an answer.
  private String ask(String cookie) {
    String reply = server.ask(www(cookie));
    String before = ANSWER + "additional OPT 1232 cookie ";
    assertThat(reply).startsWith(before);
    return reply.substring(before.length()).strip();
  }

  private Cookie.State state() {
    return server.context.edns.cookie.state();
  }

  /// RFC 9018 appendix A.1 to A.4.
  @ParameterizedTest
  @CsvSource({
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 198.51.100.100, 1559731985, 2464c4abcf10c957,"
        + " 2464c4abcf10c957010000005cf79f111f8130c3eee29480",
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 198.51.100.100, 1559734385,"
        + " 2464c4abcf10c957010000005cf79f111f8130c3eee29480,"
        + " 2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 203.0.113.203, 1559734700,"
        + " fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5,"
        + " fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e",
    "445536bcd2513298075a5d379663c962, 2001:db8:220:1:59de:d0f4:8769:82b8, 1559741961,"
        + " 22681ab97d52c298010000005cf7c57926556bd0934c72f8,"
        + " 22681ab97d52c298010000005cf7c609a6bb79d16625507a"
  })
  void repliesHaveTheCookiesOfTheRfc(
      String secret, String address, long now, String query, String reply) {
    server.withCookies(secret, OLD_SECRET).from(address).at(now);
    assertThat(ask(query)).isEqualTo(reply);
  }

  /// RFC 9018 §4.2: the reserved octets of appendix A.3 count and are not asked to be 0.
  @Test
  void reservedOctetsAreHashedAsTheyAreAndNotSent() {
    String cookie = "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5";
    server.from("203.0.113.203").at(0x5cf78f71L + 60);
    assertThat(ask(cookie)).startsWith("fc93fc62807ddb86010000005cf78fad");
    assertThat(state()).isEqualTo(Cookie.State.VALID);
    assertThat(ask(cookie.replace("abcdef", "abcdee"))).isNotEqualTo(cookie);
    assertThat(state()).isEqualTo(Cookie.State.INVALID);
  }

  /// RFC 9018 §5: appendix A.4, before and after the roll-over.
  @Test
  void theCookiesOfEverySecretAreGoodAndTheFirstMakesThem() {
    String old = "22681ab97d52c298010000005cf7c57926556bd0934c72f8";
    server.from("2001:db8:220:1:59de:d0f4:8769:82b8").at(1_559_741_961);
    server.withCookies(OLD_SECRET, NEW_SECRET);
    assertThat(ask(old)).isEqualTo(old);
    assertThat(state()).isEqualTo(Cookie.State.VALID);
    server.withCookies(NEW_SECRET, SECRET, OLD_SECRET);
    String renewed = ask(old);
    assertThat(renewed).isEqualTo("22681ab97d52c298010000005cf7c609a6bb79d16625507a");
    assertThat(state()).isEqualTo(Cookie.State.VALID);
    server.withCookies(NEW_SECRET);
    ask(old);
    assertThat(state()).isEqualTo(Cookie.State.INVALID);
    assertThat(ask(renewed)).isEqualTo(renewed);
  }

  /// RFC 9018 §4.3.
  @ParameterizedTest
  @CsvSource({
    "-301, INVALID, true",
    "-300, VALID, false",
    "0, VALID, false",
    "1800, VALID, false",
    "1801, VALID, true",
    "3600, VALID, true",
    "3601, INVALID, true",
    "2147483647, INVALID, true",
    "2147483648, INVALID, true"
  })
  void aCookieIsGoodForAnHourAndRenewedAfterHalf(long age, Cookie.State state, boolean isRenewed) {
    server.at(MADE + age);
    assertThat(ask(COOKIE).equals(COOKIE)).isEqualTo(!isRenewed);
    assertThat(state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({"-301", "3601", "2147483648"})
  void aCookieOfAnotherTimeIsReplacedByOneOfNow(long age) {
    server.at(MADE + age);
    String now = "%08x".formatted((int) (MADE + age));
    assertThat(ask(COOKIE)).startsWith(CLIENT + "01000000" + now);
    assertThat(state()).isEqualTo(Cookie.State.INVALID);
  }

  /// RFC 9018 §4.3, RFC 1982: the seconds begin anew in 2106.
  @Test
  void timeMayWrap() {
    server.at((1L << 32) - 10);
    String cookie = ask(CLIENT);
    assertThat(cookie).startsWith(CLIENT + "01000000fffffff6");
    server.at((1L << 32) + 10);
    assertThat(ask(cookie)).isEqualTo(cookie);
    assertThat(state()).isEqualTo(Cookie.State.VALID);
    server.at((1L << 32) + 2000);
    assertThat(ask(cookie)).startsWith(CLIENT + "01000000000007d0");
    assertThat(state()).isEqualTo(Cookie.State.VALID);
  }

  @Test
  void aCookieIsGoodForItsClientAlone() {
    server.from("198.51.100.101");
    ask(COOKIE);
    assertThat(state()).isEqualTo(Cookie.State.INVALID);
    server.from("2001:db8::1");
    String cookie = ask(CLIENT);
    ask(cookie);
    assertThat(state()).isEqualTo(Cookie.State.VALID);
    server.from("2001:db8::2");
    ask(cookie);
    assertThat(state()).isEqualTo(Cookie.State.INVALID);
    server.from("2001:db8:1::1");
    ask(cookie);
    assertThat(state()).isEqualTo(Cookie.State.INVALID);
  }

  @Test
  void noOctetOfACookieMayBeAnother() {
    for (int i = 0; i < COOKIE.length() / 2; i++) {
      char[] digits = COOKIE.toCharArray();
      digits[2 * i + 1] = digits[2 * i + 1] == '0' ? '1' : '0';
      String reply = ask(new String(digits));
      assertThat(state()).as("octet %d", i).isEqualTo(Cookie.State.INVALID);
      assertThat(reply).startsWith(new String(digits, 0, 16));
    }
  }

  /// RFC 7873 §5.2.3, §5.2.4: server cookies of other kinds are as good as none.
  @ParameterizedTest
  @ValueSource(ints = {16, 17, 23, 25, 32, 39, 40})
  void aServerCookieOfAnotherLengthIsReplaced(int length) {
    assertThat(ask(COOKIE.repeat(2).substring(0, 2 * length))).isEqualTo(COOKIE);
    assertThat(state()).isEqualTo(Cookie.State.INVALID);
    ask(CLIENT);
    assertThat(state()).isEqualTo(Cookie.State.CLIENT_ONLY);
  }

  /// RFC 7873 §5.2.2.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 9, 15, 41, 200})
  void aCookieOfAnImpossibleLengthIsMalformed(int length) {
    byte[] option = TestQuery.option(10, new byte[length]);
    assertThat(server.ask(TestQuery.of("www.example.org", Type.A).edns(option)))
        .isEqualTo("FORMERR\nadditional OPT 1232\n");
  }

  /// RFC 7873 §5.2.
  @Test
  void theFirstCookieCounts() {
    byte[] first = TestQuery.cookie(COOKIE);
    byte[] malformed = TestQuery.option(10, new byte[3]);
    TestQuery query = TestQuery.of("www.example.org", Type.A);
    assertThat(server.ask(query.edns(first, malformed, TestQuery.cookie("ff".repeat(8)))))
        .isEqualTo(ANSWER + "additional OPT 1232 cookie " + COOKIE + "\n");
    assertThat(server.ask(TestQuery.of("www.example.org", Type.A).edns(malformed, first)))
        .isEqualTo("FORMERR\nadditional OPT 1232\n");
  }

  /// RFC 7873 §5.2.1.
  @Test
  void noCookieInTheQueryNoneInTheReply() {
    ask(COOKIE);
    assertThat(server.ask(TestQuery.of("www.example.org", Type.A).edns()))
        .isEqualTo(ANSWER + "additional OPT 1232\n");
    assertThat(state()).isEqualTo(Cookie.State.NONE);
    assertThat(server.ask(TestQuery.of("www.example.org", Type.A))).isEqualTo(ANSWER);
  }

  @Test
  void withoutSecretsTheOptionIsUnknown() {
    server.withCookies();
    assertThat(server.ask(www(COOKIE))).isEqualTo(ANSWER + "additional OPT 1232\n");
    assertThat(server.ask(www("00"))).isEqualTo(ANSWER + "additional OPT 1232\n");
    assertThat(state()).isEqualTo(Cookie.State.NONE);
    assertThat(server.ask(TestQuery.empty().edns(TestQuery.cookie(CLIENT))))
        .isEqualTo("FORMERR\nadditional OPT 1232\n");
  }

  /// RFC 7873 §5.3: the client discards a reply without its cookie.
  @Test
  void errorsHaveTheCookieToo() {
    String opt = "additional OPT 1232 cookie " + COOKIE;
    byte[] cookie = TestQuery.cookie(COOKIE);
    assertThat(server.ask(TestQuery.of("example.net", Type.A).edns(cookie)))
        .isEqualTo("REFUSED\n" + opt + " error 20\n");
    assertThat(server.ask(TestQuery.of("x.example.org", Type.A).edns(cookie))).endsWith(opt + "\n");
    assertThat(server.ask(TestQuery.of("example.org", Type.OPT).edns(cookie)))
        .isEqualTo("FORMERR\n" + opt + "\n");
    assertThat(
            server.ask(
                TestQuery.of("example.org", Type.A).edns(cookie, TestQuery.option(8, (byte) 1))))
        .isEqualTo("FORMERR\n" + opt + "\n");
    assertThat(server.ask(TestQuery.of("example.org", Type.A).flags(4 << 11).edns(cookie)))
        .isEqualTo("NOTIMP\n" + opt + "\n");
  }

  @Test
  void theTransportMakesNoDifference() {
    for (boolean overTcp : new boolean[] {false, true}) {
      server.overTcp(overTcp);
      assertThat(ask(COOKIE)).isEqualTo(COOKIE);
      assertThat(ask(CLIENT)).isEqualTo(COOKIE);
      assertThat(ask(COOKIE.replace("80", "81"))).isEqualTo(COOKIE);
    }
  }

  /// RFC 7873 §5.4.
  @Test
  void aCookieNeedsNoQuestion() {
    Message reply = server.reply(TestQuery.empty().edns(TestQuery.cookie(CLIENT)));
    assertThat(TestServer.text(reply))
        .isEqualTo("NOERROR\nadditional OPT 1232 cookie " + COOKIE + "\n");
    assertThat(reply.getHeader().getCount(Section.QUESTION)).isZero();
    assertThat(server.ask(TestQuery.empty().edns(TestQuery.cookie(COOKIE))))
        .isEqualTo("NOERROR\nadditional OPT 1232 cookie " + COOKIE + "\n");
    assertThat(server.ask(TestQuery.empty().edns(TestQuery.cookie(COOKIE.replace("80", "81")))))
        .isEqualTo("BADCOOKIE\nadditional OPT 1232 cookie " + COOKIE + "\n");
  }

  @Test
  void withoutACookieThereMustBeAQuestion() {
    assertThat(server.ask(TestQuery.empty().edns())).isEqualTo("FORMERR\nadditional OPT 1232\n");
    assertThat(server.ask(TestQuery.empty().edns(TestQuery.cookie(CLIENT)).garbage(0)))
        .isEqualTo("FORMERR\nadditional OPT 1232 cookie " + COOKIE + "\n");
    assertThat(server.ask(TestQuery.empty().edns(1232, 1 << 16, TestQuery.cookie(CLIENT))))
        .isEqualTo("BADVERS\nadditional OPT 1232\n");
    byte[] two =
        TestQuery.of("www.example.org", Type.A)
            .question(new byte[1], Type.A, 1)
            .edns(TestQuery.cookie(CLIENT))
            .toBytes();
    assertThat(server.answer(two)).hasSize(12);
  }

  @Test
  void theNextQueryIsJudgedByItself() {
    ask(COOKIE);
    assertThat(server.answer(Arrays.copyOf(www(COOKIE).toBytes(), 14))).hasSize(12);
    assertThat(state()).isEqualTo(Cookie.State.NONE);
    ask(CLIENT);
    assertThat(state()).isEqualTo(Cookie.State.CLIENT_ONLY);
  }

  @Test
  void secretsAreNotShown() {
    assertThat(server.snapshot().options().toString())
        .contains("1 cookie secrets")
        .doesNotContain(SECRET);
  }
}
