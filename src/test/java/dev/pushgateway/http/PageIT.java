package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.browser.BrowserPage;
import dev.pushgateway.browser.Chromium;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.StoreTesting;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser; and the pictures of it that the README shows. */
class PageIT {
  private static final Path PICTURES = Path.of(System.getProperty("pictures", "target/pictures"));
  private static final String ROWS = "#groups tbody tr.group";
  private static final String IDLE = "document.getElementById('groups')?.ariaBusy === 'false'";

  private static Chromium chromium;
  private GatewayFixture gateway;
  private BrowserPage page;

  @BeforeAll
  static void startBrowser() throws Exception {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stopBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    start(GatewayFixture.with().adminApi());
  }

  private void start(GatewayFixture.Builder builder) throws Exception {
    stop();
    gateway = builder.clock(Clock.systemUTC()).start();
    page = chromium.newPage();
  }

  @AfterEach
  void stop() {
    if (page != null) {
      page.close();
      gateway.close();
    }
  }

  private void open(String path) {
    page.go("http://127.0.0.1:" + gateway.port() + path);
    page.await(IDLE + " && !document.getElementById('summary').innerText.startsWith('Loading')");
  }

  /** Shows the demo groups. */
  private void openDemo() throws Exception {
    DemoGroups.push(gateway);
    open("/");
  }

  private void assertNothingWentWrong() {
    assertEquals(List.of(), page.problems());
    String here = "http://127.0.0.1:" + gateway.port() + "/";
    for (String request : page.requests()) {
      assertTrue(request.startsWith(here) || request.equals("about:blank"), request);
    }
  }

  private String row(String text) {
    return page.evaluate(
            "(() => { const all = [...document.querySelectorAll('"
                + ROWS
                + "')];"
                + " const i = all.findIndex(r => r.innerText.includes('"
                + text
                + "'));"
                + " all.forEach((r, j) => r.toggleAttribute('data-found', i === j));"
                + " return i < 0 ? '' : '"
                + ROWS
                + "[data-found]'; })()")
        .asText();
  }

  /** Opens a group and waits for its families. */
  private String openGroup(String text) {
    page.click(row(text) + " .toggle");
    page.await("document.querySelector('tr.detail .family')");
    return page.text("tr.detail");
  }

  @Test
  void offersNothingThatTheReaderMayNotDo(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("web.yml");
    Files.writeString(config, "---\n---\nroles: [{anyone: true, may: [push, scrape]}]\n");
    start(
        GatewayFixture.with()
            .adminApi()
            .webConfig(WebConfigFile.open(config, text -> Optional.empty(), checked -> {})));
    openDemo();
    page.await("document.body.classList.contains('cannot-delete')");
    String shown = "getComputedStyle(document.querySelector('%s')).display";
    for (String selector : List.of("#wipe", "tr.group .delete", "#delete-shown")) {
      assertEquals("none", page.evaluate(shown.formatted(selector)).asText(), selector);
    }
    assertNothingWentWrong();
  }

  @Test
  void showsGroupsWithTimesAndFailures() throws Exception {
    openDemo();
    assertEquals(16, page.count(ROWS));
    assertTrue(page.text("#summary").startsWith("16 groups"), page.text("#summary"));
    String failed = page.text(row("\"us\""));
    assertTrue(failed.contains("Push failed 2 minutes ago"), failed);
    assertTrue(failed.contains("5 hours ago"), failed);
    assertTrue(failed.matches("(?s).*\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d.*"), failed);
    String red =
        page.evaluate("getComputedStyle(document.querySelector('.failed')).color").asText();
    assertEquals("rgb(179, 20, 31)", red);
    assertNothingWentWrong();
  }

  @Test
  void findsFiltersAndSorts() throws Exception {
    openDemo();
    page.type("[name=search]", "db-2");
    page.await("document.querySelectorAll('" + ROWS + "').length === 1");
    assertTrue(page.text("#summary").startsWith("1 matching group"));
    assertTrue(page.evaluate("location.search").asText().contains("search=db-2"));
    page.evaluate("document.querySelector('[name=search]').select()");
    page.type("[name=search]", "MAIL_sent");
    page.await("document.querySelectorAll('" + ROWS + "').length === 8");

    open("/?failing=true");
    assertEquals(1, page.count(ROWS));
    open("/?stale=1d&sort=last_push+asc");
    assertEquals(2, page.count(ROWS));
    assertTrue(page.text(ROWS).contains("db-old"));
    page.choose("[name=stale]", "");
    page.await("document.querySelectorAll('" + ROWS + "').length === 16");
    page.click("[data-sort=series] button");
    page.await(IDLE + " && document.querySelector('" + ROWS + "').innerText.includes('invoice')");
    assertEquals(
        "descending",
        page.evaluate("document.querySelector('[data-sort=series]').ariaSort").asText());
    open("/?search=nothing+like+it");
    assertTrue(page.text("#nothing").startsWith("No group matches"));
    assertNothingWentWrong();
  }

  @Test
  void showsValuesOfEachType() throws Exception {
    openDemo();
    String backup = openGroup("db-1");
    assertTrue(backup.contains("Size of the last backup."), backup);
    assertTrue(backup.contains("4.12316860416e+11") && backup.contains("384 GiB"), backup);
    assertTrue(backup.contains("device=\"sda1\"") && backup.contains("gauge"), backup);
    page.click(row("db-1") + " .toggle");
    page.await("!document.querySelector('tr.detail')");

    String imports = openGroup("\"prod\"");
    assertTrue(imports.contains("histogram") && imports.contains("summary"), imports);
    assertTrue(imports.contains("counter") && imports.contains("result=\"created\""), imports);
    assertTrue(imports.contains("99 %") && imports.contains("0.0189"), imports);
    assertEquals(7, page.count("tr.detail figure rect:not(.hit)"));
    page.click("tr.detail details.buckets summary");
    String buckets = page.text("tr.detail details.buckets");
    assertTrue(buckets.contains("(0.1, 0.25]\t850"), buckets);
    page.click(row("\"prod\"") + " .toggle");
    page.await("!document.querySelector('tr.detail')");

    String thumbnails = openGroup("thumbnails");
    assertTrue(thumbnails.contains("315") && thumbnails.contains("212.4"), thumbnails);
    assertEquals(13, page.count("tr.detail figure rect:not(.hit)"));
    page.click("tr.detail details.buckets summary");
    assertTrue(page.text("tr.detail details.buckets").contains("[-0.001, 0.001]\t4"));
    assertNothingWentWrong();
  }

  @Test
  void deletesOneGroupAfterNamingIt() throws Exception {
    openDemo();
    page.click(row("db-old") + " button.delete");
    page.await("document.getElementById('confirm').open");
    assertTrue(page.text("#confirm").contains("instance=\"db-old.example\""));
    assertEquals("confirm-no", page.evaluate("document.activeElement.id").asText());
    page.press("Escape");
    page.await("!document.getElementById('confirm').open");
    assertEquals(16, gateway.store().totals().groups());

    page.click(row("db-old") + " button.delete");
    page.await("document.getElementById('confirm').open");
    page.click("#confirm-yes");
    page.await("document.querySelectorAll('" + ROWS + "').length === 15");
    assertEquals("", row("db-old"));
    assertEquals(15, gateway.store().totals().groups());
    assertNothingWentWrong();
  }

  @Test
  void deletesWhatTheFilterShows() throws Exception {
    openDemo();
    page.type("[name=search]", "mail-queue");
    page.await("document.getElementById('delete-shown').innerText === 'Delete 8 groups…'");
    page.click("#delete-shown");
    page.await("document.getElementById('confirm').open");
    assertEquals(8, page.count("#confirm-list li"));
    page.click("#confirm-yes");
    page.await("!document.getElementById('nothing').hidden");
    assertEquals(8, gateway.store().totals().groups());
    assertNothingWentWrong();
  }

  @Test
  void wipesOnlyWhereTheAdminApiIsOn() throws Exception {
    openDemo();
    page.await("!document.getElementById('wipe').hidden");
    page.click("#wipe");
    page.await("document.getElementById('confirm').open");
    assertTrue(page.text("#confirm").contains("All 16 groups"), page.text("#confirm"));
    page.click("#confirm-yes");
    page.await("!document.getElementById('nothing').hidden"); // Its words are there before.
    page.await(
        "document.getElementById('nothing').innerText.startsWith('Nothing has been pushed')");
    assertEquals(0, gateway.store().totals().groups());
    assertNothingWentWrong();

    start(GatewayFixture.with());
    openDemo();
    page.await("document.querySelector('#view-status .card')");
    assertTrue(page.evaluate("document.getElementById('wipe').hidden").asBoolean());
  }

  @Test
  void isUsableWithTwentyThousandGroupsWithinASecond() {
    MetricStore store = gateway.store();
    for (int i = 0; i < 20_000; i++) {
      StoreTesting.push(
          store,
          StoreTesting.put(
              StoreTesting.key("job-" + i % 500, "instance", "host-" + i),
              i + 1,
              "m{a=\"b\"} 1\n"));
    }
    // The best of some: what counts is not what else the machine is doing.
    long millis = Long.MAX_VALUE;
    for (int i = 0; i < 10 && millis >= 1_000; i++) {
      page.go("about:blank");
      long start = System.nanoTime();
      open("/");
      millis = Math.min(millis, (System.nanoTime() - start) / 1_000_000);
    }
    assertTrue(page.text("#summary").startsWith("20,000 groups"), page.text("#summary"));
    assertEquals(50, page.count(ROWS));
    assertTrue(millis < 1_000, millis + " ms");

    page.click("#next");
    page.await("document.getElementById('page-number').innerText === 'Page 2 of 400'");
    assertEquals(50, page.count(ROWS));
    page.click("#previous");
    page.await("document.getElementById('page-number').innerText === 'Page 1 of 400'");
    page.type("[name=search]", "host-19999");
    page.await("document.querySelectorAll('" + ROWS + "').length === 1");
    assertNothingWentWrong();
  }

  @Test
  void makesNothingOfWhatIsPushedButText() throws Exception {
    String evil = "<img src=x onerror=window.hit=1>";
    String push =
        "# HELP evil <script>window.hit=1</script>"
            + "h".repeat(1_000_000)
            + "\n"
            + "evil{l=\"</td>"
            + evil
            + "{{root}}\"} 1\n"
            + "# HELP __proto__ x\n__proto__ 1\nconstructor 2\nlabels 3\n";
    String path =
        "/metrics/job@base64/"
            + base64(evil)
            + "/x@base64/"
            + base64("\"'><svg onload=window.hit=1>\u202e");
    assertEquals(200, gateway.send("PUT", path, push).statusCode());
    open("/");
    page.click(ROWS + " .toggle");
    page.await("document.querySelector('tr.detail .family')");
    String detail = page.text("tr.detail");
    assertTrue(detail.contains(evil) && detail.contains("<script>window.hit=1</script>"));
    assertTrue(detail.contains("constructor"), detail);
    assertTrue(detail.length() < 20_000, detail.length() + " characters");
    page.click(ROWS + " button.delete");
    page.await("document.getElementById('confirm').open");
    assertEquals(0, page.count("main img, dialog img, main script, svg[onload]"));
    assertEquals("undefined", page.evaluate("typeof window.hit").asText());
    page.click("#confirm-yes");
    page.await("!document.getElementById('nothing').hidden");
    assertNothingWentWrong();
  }

  private static String base64(String text) {
    return java.util.Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void showsTheStatus() throws Exception {
    DemoGroups.push(gateway);
    open("/status");
    page.click("#tab-status");
    page.await("document.querySelector('#view-status .card')");
    String status = page.text("#view-status");
    for (String part :
        List.of("16", "1.2.3", "--web.enable-admin-api", "java17", "Processors", "Started")) {
      assertTrue(status.contains(part), part + " in " + status);
    }
    page.press("ArrowLeft");
    page.await("!document.getElementById('view-groups').hidden");
    assertEquals("tab-groups", page.evaluate("document.activeElement.id").asText());
    assertNothingWentWrong();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "/,      '',      /",
    "/,      /pre/fix, /pre/fix",
    "/gate,  '',      /gate/status/",
    "/gate,  /pre,    /gate/pre",
  })
  void worksBelowAnyPath(String context, String prefix, String path) throws Exception {
    start(GatewayFixture.with().contextPath(context).routePrefix(prefix).telemetryPath("/scrape"));
    DemoGroups.push(gateway.store());
    open(path);
    page.click(row("db-1") + " .toggle");
    page.await("document.querySelector('tr.detail .family')");
    page.click(row("db-1") + " button.delete");
    page.await("document.getElementById('confirm').open");
    page.click("#confirm-yes");
    page.await("document.querySelectorAll('" + ROWS + "').length === 14");
    String scrape = page.evaluate("document.querySelector('.links a').href").asText();
    String root = context.equals("/") ? prefix : context + prefix;
    assertTrue(scrape.endsWith(":" + gateway.port() + root + "/scrape"), scrape);
    assertNothingWentWrong();
  }

  @Test
  void isOperatedWithTheKeyboard() throws Exception {
    openDemo();
    page.evaluate("document.querySelector('" + ROWS + " .toggle').focus()");
    page.press("Enter");
    page.await("document.querySelector('tr.detail .family')");
    page.press("Tab");
    assertEquals("Delete", page.evaluate("document.activeElement.innerText").asText());
    page.press("Enter");
    page.await("document.getElementById('confirm').open");
    page.press("Tab");
    page.press("Enter");
    page.await("document.querySelectorAll('" + ROWS + "').length === 15");
    assertEquals("refresh", page.evaluate("document.activeElement.id").asText());
    assertNothingWentWrong();
  }

  @Test
  void keepsWhatIsOpenWhenItIsRefreshed() throws Exception {
    openDemo();
    openGroup("db-1");
    gateway.send("POST", "/metrics/job/nightly-backup/instance/db-1.example", "added 4711\n");
    gateway.send("PUT", "/metrics/job/a-new-one", "m 1\n");
    page.click("#refresh");
    page.await("document.querySelector('tr.detail')?.innerText.includes('4711')");
    assertEquals(17, page.count(ROWS));
    assertNothingWentWrong();
  }

  @Test
  void tellsWhatTheGatewayRefuses() {
    open("/?search=x");
    gateway.close();
    page.click("#refresh");
    page.await("!document.getElementById('problem').hidden");
    assertTrue(page.text("#problem").startsWith("The gateway cannot be reached"));
  }

  @Test
  void saysWithoutScriptsWhereElseToLook() throws Exception {
    DemoGroups.push(gateway);
    page.scripts(false);
    page.go("http://127.0.0.1:" + gateway.port() + "/");
    page.await("document.querySelector('.notice a[href=metrics]')");
    String notice = page.text(".notice");
    assertTrue(notice.contains("needs JavaScript") && notice.contains("nightly-backup"), notice);
    // Its style sheet may come after the text.
    page.await("getComputedStyle(document.getElementById('view-groups')).display === 'none'");
  }

  @ParameterizedTest(name = "dark: {0}, {1} px wide, {2}")
  @CsvSource({
    "false, 1280, groups",
    "true,  1280, groups",
    "false, 360,  groups",
    "true,  360,  groups",
    "false, 1280, status",
    "true,  360,  status",
    "false, 1280, dialog",
    "true,  1280, dialog",
  })
  void hasNoBarriers(boolean dark, int width, String view) throws Exception {
    page.dark(dark);
    page.size(width, 800);
    openDemo();
    openGroup("\"test\"");
    page.click("tr.detail details.buckets summary");
    if (view.equals("status")) {
      page.click("#tab-status");
      page.await("document.querySelector('#view-status .card')");
    } else if (view.equals("dialog")) {
      page.choose("[name=failing]", "false");
      page.await(IDLE + " && !document.getElementById('delete-shown').hidden");
      page.click("#delete-shown");
      page.await("document.getElementById('confirm').open");
    }
    String background = page.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    assertEquals(dark ? "rgb(18, 22, 28)" : "rgb(246, 247, 249)", background);
    String tooWide =
        page.evaluate(
                "[...document.querySelectorAll('body *')].filter(e => !e.closest('.hidden')"
                    + " && e.getBoundingClientRect().right > innerWidth + 1)"
                    + ".map(e => e.tagName + '.' + e.className + e.getBoundingClientRect().right).slice(0, 5).join(' ')")
            .asText();
    assertEquals("", tooWide, "what goes beyond the right edge");
    assertNothingWentWrong();
    page.inject(axe());
    String violations =
        page.evaluate(
                "axe.run(document).then(r => r.violations.map(v =>"
                    + " v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | ')).join('\\n'))")
            .asText();
    assertEquals("", violations);
  }

  private static String axe() throws Exception {
    try (InputStream script = PageIT.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void takesPictures() throws Exception {
    page.size(1280, 800);
    openDemo();
    page.screenshot(PICTURES.resolve("overview.png"));
    openGroup("\"prod\"");
    page.evaluate("scrollTo(0, 0)");
    page.screenshot(PICTURES.resolve("open-group.png"));
    page.click("#tab-status");
    page.await("document.querySelector('#view-status .card')");
    page.screenshot(PICTURES.resolve("status.png"));
    page.dark(true);
    page.size(360, 740);
    open("/");
    page.evaluate("scrollTo(0, 0)");
    page.screenshot(PICTURES.resolve("narrow.png"));
  }
}
