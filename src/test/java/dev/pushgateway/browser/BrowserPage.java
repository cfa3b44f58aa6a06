package dev.pushgateway.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One window of a browser. For one thread. */
public final class BrowserPage implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final int POLL_MILLIS = 10;

  private final DevTools devTools;
  private final String context;
  private final String session;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private BrowserPage(DevTools devTools, String context, String session) {
    this.devTools = devTools;
    this.context = context;
    this.session = session;
  }

  static BrowserPage open(DevTools devTools) {
    String context =
        devTools
            .send("", "Target.createBrowserContext", DevTools.object())
            .get("browserContextId")
            .asText();
    ObjectNode target =
        DevTools.object().put("url", "about:blank").put("browserContextId", context);
    String targetId = devTools.send("", "Target.createTarget", target).get("targetId").asText();
    ObjectNode attach = DevTools.object().put("targetId", targetId).put("flatten", true);
    String session = devTools.send("", "Target.attachToTarget", attach).get("sessionId").asText();
    BrowserPage page = new BrowserPage(devTools, context, session);
    devTools.listen(session, page::receive);
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      page.send(domain + ".enable", DevTools.object());
    }
    page.size(1280, 900);
    return page;
  }

  private void receive(String method, JsonNode parameters) {
    switch (method) {
      case "Runtime.exceptionThrown" ->
          problems.add("exception: " + parameters.get("exceptionDetails"));
      case "Runtime.consoleAPICalled" -> problems.add("console: " + parameters.get("args"));
      case "Log.entryAdded" -> problems.add("log: " + parameters.get("entry"));
      case "Network.requestWillBeSent" ->
          requests.add(parameters.get("request").get("url").asText());
      default -> {
        // Of no interest.
      }
    }
  }

  private JsonNode send(String method, ObjectNode parameters) {
    return devTools.send(session, method, parameters);
  }

  /** How large the window is, in CSS pixels. */
  public void size(int width, int height) {
    send(
        "Emulation.setDeviceMetricsOverride",
        DevTools.object()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /** Whether the user likes it dark. */
  public void dark(boolean dark) {
    ObjectNode media = DevTools.object();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    send("Emulation.setEmulatedMedia", media);
  }

  /** Whether scripts run, from the next navigation on. */
  public void scripts(boolean enabled) {
    send("Emulation.setScriptExecutionDisabled", DevTools.object().put("value", !enabled));
  }

  public void go(String url) {
    send("Page.navigate", DevTools.object().put("url", url));
  }

  /** The value of an expression, waited for if it is a promise. */
  public JsonNode evaluate(String expression) {
    JsonNode result =
        send(
            "Runtime.evaluate",
            DevTools.object()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true)
                .put("userGesture", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.get("result").path("value");
  }

  /** Waits until an expression is true. */
  public void await(String expression) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isTrue(expression)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "never true: " + expression + "\nproblems: " + problems + "\npage: " + text("body"));
      }
      pause();
    }
  }

  /** A context that a navigation has just taken away answers with an error, not with a value. */
  private boolean isTrue(String expression) {
    try {
      return evaluate("Boolean(" + expression + ")").asBoolean();
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Between two looks at the page; there is no event for what a test may wait for. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What one reads in the first element that a selector finds. */
  public String text(String selector) {
    return evaluate("document.querySelector(" + quote(selector) + ")?.innerText").asText();
  }

  public int count(String selector) {
    return evaluate("document.querySelectorAll(" + quote(selector) + ").length").asInt();
  }

  /** Clicks with the mouse in the middle of an element, as a user does. */
  public void click(String selector) {
    JsonNode at =
        evaluate(
            "(() => { const e = document.querySelector("
                + quote(selector)
                + "); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      send(
          "Input.dispatchMouseEvent",
          DevTools.object()
              .put("type", type)
              .put("x", at.get("x").asDouble())
              .put("y", at.get("y").asDouble())
              .put("button", "left")
              .put("clickCount", 1));
    }
  }

  /** Types into an element, after what is there. */
  public void type(String selector, String text) {
    evaluate("document.querySelector(" + quote(selector) + ").focus()");
    send("Input.insertText", DevTools.object().put("text", text));
  }

  /** Chooses an option of a select element. */
  public void choose(String selector, String value) {
    evaluate(
        "(() => { const e = document.querySelector("
            + quote(selector)
            + "); e.value = "
            + quote(value)
            + "; e.dispatchEvent(new Event('change', {bubbles: true})); })()");
  }

  /** Presses a key that types nothing, or Enter. */
  public void press(String key) {
    int code =
        switch (key) {
          case "Tab" -> 9;
          case "Enter" -> 13;
          case "Escape" -> 27;
          case "ArrowLeft" -> 37;
          case "ArrowRight" -> 39;
          default -> throw new IllegalArgumentException(key);
        };
    ObjectNode down =
        DevTools.object()
            .put("type", "keyDown")
            .put("key", key)
            .put("code", key)
            .put("windowsVirtualKeyCode", code);
    if (key.equals("Enter")) {
      down.put("text", "\r");
    }
    send("Input.dispatchKeyEvent", down);
    send("Input.dispatchKeyEvent", down.deepCopy().put("type", "keyUp").without("text"));
  }

  /** What went wrong so far: exceptions, console output, refused requests, violated policies. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** The addresses of all requests so far. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Loads a script that the page's own policy would not let in. */
  public void inject(String script) {
    send("Page.setBypassCSP", DevTools.object().put("enabled", true));
    evaluate(script + "; undefined");
  }

  /** Takes a picture of the whole window. */
  public void screenshot(Path file) throws IOException {
    JsonNode picture = send("Page.captureScreenshot", DevTools.object().put("format", "png"));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(picture.get("data").asText()));
  }

  private static String quote(String text) {
    return DevTools.object().textNode(text).toString();
  }

  @Override
  public void close() {
    devTools.send(
        "", "Target.disposeBrowserContext", DevTools.object().put("browserContextId", context));
  }
}
