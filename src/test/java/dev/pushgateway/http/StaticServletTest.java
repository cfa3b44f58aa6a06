package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.page.PageFile;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticServletTest {
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = GatewayFixture.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void servesEveryFileOfThePageAndNoOther() throws Exception {
    Set<String> served = new TreeSet<>(Set.of(PageFile.INDEX.path()));
    for (PageFile file : PageFile.ASSETS) {
      HttpResponse<String> response = gateway.get("/" + file.path());
      assertEquals(200, response.statusCode(), file.path());
      assertEquals(
          file.contentType().replace(" ", ""),
          response.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
      assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
      served.add(file.path());
    }
    assertEquals(files(), served);
  }

  /** What lies in the folder of the page. */
  private static Set<String> files() throws IOException {
    Path folder = Path.of("../webapp/src/main/webapp");
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder.resolve("static"))) {
      files.filter(Files::isRegularFile).forEach(f -> names.add(folder.relativize(f).toString()));
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/static/",
        "/static/index.html",
        "/static/js/other.js",
        "/static/js/../index.html",
        "/static/..%2f..%2fLICENSE",
        "/META-INF/MANIFEST.MF",
        "/WEB-INF/web.xml",
        "/index.html",
      })
  void servesNothingElse(String path) throws Exception {
    assertTrue(gateway.raw("GET " + path + " HTTP/1.1").startsWith("HTTP/1.1 404"), path);
  }

  @Test
  void isNotSentTwice() throws Exception {
    HttpResponse<String> first = gateway.get("/static/js/main.js");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertEquals("no-cache", first.headers().firstValue("Cache-Control").orElse(""));
    assertEquals(304, gateway.get("/static/js/main.js", "If-None-Match", tag).statusCode());
    assertEquals(200, gateway.get("/static/js/api.js", "If-None-Match", tag).statusCode());
    HttpResponse<String> head = gateway.send("HEAD", "/static/js/main.js", "");
    assertEquals("", head.body());
    assertEquals(
        first.body().getBytes(StandardCharsets.UTF_8).length,
        Integer.parseInt(head.headers().firstValue("Content-Length").orElse("")));
  }
}
