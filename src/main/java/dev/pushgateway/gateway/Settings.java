package dev.pushgateway.gateway;

import dev.pushgateway.admission.BodyLimits;
import dev.pushgateway.admission.PushLimits;
import dev.pushgateway.http.GatewayServlet;
import dev.pushgateway.parse.SeriesLimits;
import dev.pushgateway.request.Origins;
import dev.pushgateway.store.StoreLimits;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All settings, checked. Immutable, and the same for all packagings.
 *
 * @param listenAddresses as given; the server parses them
 * @param systemdSocket whether an inherited socket replaces {@code listenAddresses}
 * @param webConfigFile path; empty if none
 * @param containerRoles whether the servlet container provides the roles of clients
 * @param telemetryPath starts with a slash and does not end with one
 * @param externalUrl as given; empty if none
 * @param externalPathPrefix path of {@code externalUrl}; empty, or with a slash only at the start
 * @param routePrefix empty, or with a slash only at the start
 * @param enableLifecycle whether {@code /-/quit} is enabled
 * @param enableAdminApi whether {@code /api/v1/admin/wipe} is enabled
 * @param persistenceFile path; empty if none
 * @param persistenceInterval not negative
 * @param disableConsistencyCheck whether pushes are accepted without the consistency check
 * @param enableUtf8Names whether names may be any UTF-8 text
 * @param origins the pages that browsers may send requests for
 * @param pushLimits limits of a push
 * @param successStatus status of accepted pushes: 200 or 202
 * @param storeLimits limits of the store
 * @param maxConcurrentScrapes limit of concurrent scrapes and listings; 0 for no limit
 * @param queryTimeout time limit of a listing; zero for no limit
 * @param webLimits limits of connections, which the server enforces
 * @param logLevel {@code debug}, {@code info}, {@code warn} or {@code error}
 * @param logFormat {@code logfmt} or {@code json}
 * @param effective each value by the name of its flag, formatted as the Go gateway does
 * @param changed names of flags whose values differ from their defaults, sorted
 */
public record Settings(
    List<String> listenAddresses,
    boolean systemdSocket,
    String webConfigFile,
    boolean containerRoles,
    String telemetryPath,
    String externalUrl,
    String externalPathPrefix,
    String routePrefix,
    boolean enableLifecycle,
    boolean enableAdminApi,
    String persistenceFile,
    Duration persistenceInterval,
    boolean disableConsistencyCheck,
    boolean enableUtf8Names,
    Origins origins,
    PushLimits pushLimits,
    int successStatus,
    StoreLimits storeLimits,
    long maxConcurrentScrapes,
    Duration queryTimeout,
    WebLimits webLimits,
    String logLevel,
    String logFormat,
    SortedMap<String, String> effective,
    List<String> changed) {

  public Settings {
    listenAddresses = List.copyOf(listenAddresses);
    effective = Collections.unmodifiableSortedMap(new TreeMap<>(effective));
    changed = List.copyOf(changed);
  }

  /**
   * Reads the settings of a process of its own.
   *
   * @throws SettingsException for the first wrong value
   */
  public static Settings of(SettingsSource source) throws SettingsException {
    return new Reader(source, Flag.Scope.PROCESS).read();
  }

  /**
   * Reads the settings of a web application. Settings that a container decides keep their defaults.
   *
   * @throws SettingsException for the first wrong value
   */
  public static Settings inContainer(SettingsSource source) throws SettingsException {
    return new Reader(source, Flag.Scope.EVERYWHERE).read();
  }

  /** Returns the settings that differ from their defaults: {@code log.level=debug, …}. */
  String describeChanged() {
    return changed.stream()
        .map(name -> name + "=" + effective.get(name))
        .collect(Collectors.joining(", "));
  }

  /** Reads values from a source one by one, and notes their effective values. */
  private static final class Reader {
    private static final SettingsSource DEFAULTS = flag -> List.of();

    private final SettingsSource source;
    private final Flag.Scope scope;
    private final SortedMap<String, String> effective = new TreeMap<>();

    Reader(SettingsSource source, Flag.Scope scope) {
      this.source = source;
      this.scope = scope;
    }

    Settings read() throws SettingsException {
      String externalUrl = externalUrl();
      String externalPathPrefix = prefix(pathOf(externalUrl));
      return new Settings(
          listenAddresses(),
          bool(Flag.SYSTEMD_SOCKET),
          text(Flag.WEB_CONFIG_FILE),
          containerRoles(),
          telemetryPath(),
          externalUrl,
          externalPathPrefix,
          routePrefix(externalPathPrefix),
          bool(Flag.ENABLE_LIFECYCLE),
          bool(Flag.ENABLE_ADMIN_API),
          text(Flag.PERSISTENCE_FILE),
          duration(Flag.PERSISTENCE_INTERVAL),
          bool(Flag.DISABLE_CONSISTENCY_CHECK),
          bool(Flag.ENABLE_UTF8_NAMES),
          origins(externalUrl),
          pushLimits(),
          Integer.parseInt(oneOf(Flag.SUCCESS_STATUS, "200", "202")),
          storeLimits(),
          count(Flag.MAX_CONCURRENT_SCRAPES),
          duration(Flag.QUERY_TIMEOUT),
          webLimits(),
          oneOf(Flag.LOG_LEVEL, "debug", "info", "warn", "error"),
          oneOf(Flag.LOG_FORMAT, "logfmt", "json"),
          effective,
          changed(externalPathPrefix)); // Last, when all values are noted.
    }

    private List<String> changed(String externalPathPrefix) throws SettingsException {
      if (source == DEFAULTS) {
        return List.of();
      }
      Map<String, String> defaults = new HashMap<>(new Reader(DEFAULTS, scope).read().effective());
      defaults.put(Flag.ROUTE_PREFIX.flagName(), externalPathPrefix);
      List<String> changed = new ArrayList<>(effective.keySet());
      changed.removeIf(name -> effective.get(name).equals(defaults.get(name)));
      return changed;
    }

    private List<String> listenAddresses() {
      List<String> addresses = given(Flag.LISTEN_ADDRESS);
      note(Flag.LISTEN_ADDRESS, String.join(",", addresses));
      return addresses;
    }

    private boolean containerRoles() throws SettingsException {
      boolean containerRoles = bool(Flag.CONTAINER_ROLES);
      if (containerRoles && scope == Flag.Scope.PROCESS) {
        throw wrong(Flag.CONTAINER_ROLES, "there is no servlet container around this process");
      }
      return containerRoles;
    }

    private String telemetryPath() throws SettingsException {
      String given = text(Flag.TELEMETRY_PATH);
      if (!given.startsWith("/")) {
        throw wrong(Flag.TELEMETRY_PATH, "\"" + given + "\" does not start with a slash");
      }
      String path = prefix(checkedPath(Flag.TELEMETRY_PATH, given));
      if (path.isEmpty()) {
        throw wrong(Flag.TELEMETRY_PATH, "the path must have more than slashes");
      }
      if (GatewayServlet.isTaken(path)) {
        throw wrong(Flag.TELEMETRY_PATH, "\"" + given + "\" is the path of something else");
      }
      return path;
    }

    private String externalUrl() throws SettingsException {
      String url = text(Flag.EXTERNAL_URL);
      if (!url.isEmpty() && !url.matches("(?i)https?://[^/?#:@].*")) {
        throw wrong(
            Flag.EXTERNAL_URL,
            "\"" + url + "\" is not a URL that starts with http:// or https:// and a host");
      }
      return url;
    }

    private String pathOf(String url) throws SettingsException {
      try {
        String path = new URI(url).getPath();
        return path == null ? "" : path;
      } catch (URISyntaxException e) {
        throw wrong(Flag.EXTERNAL_URL, "\"" + url + "\" is not a URL: " + e.getReason());
      }
    }

    /** Returns a prefix: empty, or with a slash only at the start. */
    private static String prefix(String path) {
      String stripped = path.replaceFirst("/+$", "");
      return stripped.isEmpty() || stripped.startsWith("/") ? stripped : "/" + stripped;
    }

    /** Returns the route prefix, and notes its effective value, as in the Go gateway. */
    private String routePrefix(String externalPathPrefix) throws SettingsException {
      String given = text(Flag.ROUTE_PREFIX);
      String checked = prefix(checkedPath(Flag.ROUTE_PREFIX, given));
      String prefix = given.isEmpty() ? externalPathPrefix : checked;
      note(Flag.ROUTE_PREFIX, prefix);
      return prefix;
    }

    /** Refuses URLs, and paths with quotes that the shell should have removed. */
    private static String checkedPath(Flag flag, String path) throws SettingsException {
      if (path.matches("(?s).*(://|[\"'?#\\p{Cntrl}]).*")) {
        throw wrong(
            flag,
            "\"" + path + "\" is not a path without \"://\", quotes, '?' and '#', such as /a/b");
      }
      return path;
    }

    private Origins origins(String externalUrl) throws SettingsException {
      Set<String> pushers = new LinkedHashSet<>();
      for (String origin : text(Flag.CORS_ORIGINS).split(",")) {
        String stripped = origin.strip().toLowerCase(Locale.ROOT);
        if (!stripped.isEmpty()) {
          pushers.add(checkedOrigin(stripped));
        }
      }
      String authority = URI.create(externalUrl).getRawAuthority();
      return new Origins(Optional.ofNullable(authority), pushers);
    }

    private static String checkedOrigin(String origin) throws SettingsException {
      if (!origin.equals(Origins.ANY) && !origin.matches("https?://[a-z0-9._~:\\[\\]-]+")) {
        throw wrong(
            Flag.CORS_ORIGINS,
            "\"" + origin + "\" is not an origin such as https://app.example, or *");
      }
      return origin;
    }

    private PushLimits pushLimits() throws SettingsException {
      long bodyBytes = size(Flag.MAX_BODY_BYTES);
      return new PushLimits(
          new BodyLimits(
              bodyBytes,
              bodyBytes,
              duration(Flag.REQUEST_TIMEOUT),
              size(Flag.MIN_BYTES_PER_SECOND)),
          new SeriesLimits(
              count(Flag.MAX_PUSHED_SERIES),
              count(Flag.MAX_LABELS),
              size(Flag.MAX_NAME_BYTES),
              size(Flag.MAX_VALUE_BYTES),
              size(Flag.MAX_HELP_BYTES),
              count(Flag.MAX_BUCKETS)),
          count(Flag.MAX_CONCURRENT_PUSHES));
    }

    private StoreLimits storeLimits() throws SettingsException {
      return new StoreLimits(count(Flag.MAX_GROUPS), count(Flag.MAX_STORED_SERIES));
    }

    private WebLimits webLimits() throws SettingsException {
      return new WebLimits(
          headerBytes(),
          orUnlimited(count(Flag.MAX_CONNECTIONS)),
          duration(Flag.IDLE_TIMEOUT),
          duration(Flag.REQUEST_TIMEOUT),
          size(Flag.MIN_BYTES_PER_SECOND));
    }

    private static long orUnlimited(long limit) {
      return limit == 0 ? Long.MAX_VALUE : limit;
    }

    /** Returns the limit of header bytes. It cannot be 0: each request has headers. */
    private long headerBytes() throws SettingsException {
      long bytes = size(Flag.MAX_HEADER_BYTES);
      if (bytes < WebLimits.LEAST_HEADER_BYTES || bytes > WebLimits.MOST_HEADER_BYTES) {
        throw wrong(Flag.MAX_HEADER_BYTES, "it must be from 1KiB to 16MiB");
      }
      return bytes;
    }

    /** Returns a number of bytes; 0 means no limit. */
    private long size(Flag flag) throws SettingsException {
      String text = text(flag);
      String why = "\"" + text + "\" is not a size such as 65536, 64KiB or 1.5MiB";
      long bytes = ByteSize.parse(text).orElseThrow(() -> wrong(flag, why));
      note(flag, ByteSize.format(bytes));
      return bytes;
    }

    /** Returns a count; 0 means no limit. */
    private long count(Flag flag) throws SettingsException {
      String text = text(flag);
      if (!text.matches("[0-9]{1,18}")) {
        throw wrong(flag, "\"" + text + "\" is not a whole number such as 1000, or 0 for no limit");
      }
      long count = Long.parseLong(text);
      note(flag, String.valueOf(count));
      return count;
    }

    private Duration duration(Flag flag) throws SettingsException {
      String text = text(flag);
      String why = "\"" + text + "\" is not a duration such as 5m, 1h30m, 1.5s or 0s";
      Duration duration = GoDuration.parse(text).orElseThrow(() -> wrong(flag, why));
      if (duration.isNegative()) {
        throw wrong(flag, "\"" + text + "\" is negative");
      }
      note(flag, GoDuration.format(duration));
      return duration;
    }

    /** Returns one of a few words in lower case. Any case is accepted, as in Go. */
    private String oneOf(Flag flag, String... choices) throws SettingsException {
      String given = text(flag);
      String value = given.toLowerCase(Locale.ROOT);
      if (!List.of(choices).contains(value)) {
        String words = String.join(", ", choices);
        throw wrong(flag, "\"" + given + "\" is not one of " + words);
      }
      note(flag, value);
      return value;
    }

    private boolean bool(Flag flag) throws SettingsException {
      return switch (text(flag)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(flag, "\"" + text(flag) + "\" is neither true nor false");
      };
    }

    private String text(Flag flag) throws SettingsException {
      List<String> values = given(flag);
      if (values.size() > 1) {
        throw new SettingsException("flag '" + flag.flagName() + "' cannot be repeated");
      }
      note(flag, values.get(0));
      return values.get(0);
    }

    private List<String> given(Flag flag) {
      List<String> values = flag.appliesTo(scope) ? source.values(flag) : List.of();
      return values.isEmpty() ? List.of(flag.defaultValue()) : values;
    }

    /**
     * Notes an effective value. A flag that a container decides is noted as off or empty, because
     * readers expect each name.
     */
    private void note(Flag flag, String value) {
      String elsewhere = flag.isSwitch() ? "false" : "";
      effective.put(flag.flagName(), flag.appliesTo(scope) ? value : elsewhere);
    }

    private static SettingsException wrong(Flag flag, String why) {
      return new SettingsException(flag.flagName() + ": " + why);
    }
  }
}
