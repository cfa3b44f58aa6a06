package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From which pages browsers may send what. Clients that are no browsers do not come from a page and
 * are never stopped here.
 *
 * <p>Browsers tell by {@code Sec-Fetch-Site} where the page is from, but not over plain HTTP; then,
 * and before 2023, by {@code Origin}, which is compared with the names that the gateway has. A page
 * from elsewhere can send neither of the two differently, nor {@code X-Forwarded-Host} at all.
 *
 * <p>Unless its name is given the address of the gateway, whereupon it is no page from elsewhere
 * for the browser (DNS rebinding), and {@code Host} is its own name. So where the gateway knows its
 * name from outside, no other name counts that somebody else can have: only addresses, {@code
 * localhost}, and names without a dot; also where {@code Sec-Fetch-Site} says that the page is the
 * gateway's own.
 *
 * @param externalAuthority of the URL under which the gateway is reachable from outside
 * @param pushers origins whose pages may push, {@code https://app.example}, or {@value #ANY}
 */
public record Origins(Optional<String> externalAuthority, Set<String> pushers) {
  /** Stands for each origin. */
  public static final String ANY = "*";

  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern IPV4 = Pattern.compile("\\d+(\\.\\d+){3}");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  public Origins {
    externalAuthority = externalAuthority.map(authority -> authority.toLowerCase(Locale.ROOT));
    pushers = Set.copyOf(pushers);
  }

  /**
   * Refuses what only the gateway's own page may ask for. Otherwise any page could delete what its
   * reader may delete, because the reader is in the same network or has logged in.
   */
  public void refuseForeign(HttpServletRequest request) throws RequestRefusedException {
    if (isForeign(request)) {
      throw new RequestRefusedException(
          HttpServletResponse.SC_FORBIDDEN,
          "a browser sent this for a page of another site, which must not");
    }
  }

  /**
   * Refuses a push for a page that may not push. A browser that remembers a password would push for
   * any page; the page need not see the response.
   */
  public void refuseForeignPush(HttpServletRequest request) throws RequestRefusedException {
    String origin = request.getHeader("Origin");
    if (origin == null || !mayPush(origin)) {
      refuseForeign(request);
    }
  }

  boolean isForeign(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !OWN_SITES.contains(site)) {
      return true;
    }
    if (site != null && externalAuthority.isEmpty()) {
      return false;
    }
    String origin = request.getHeader("Origin");
    return origin != null && !isOwn(origin, request);
  }

  private boolean isOwn(String origin, HttpServletRequest request) {
    String authority = authority(origin);
    if (authority.isEmpty()) {
      return false;
    }
    if (externalAuthority.isPresent() && canBeRebound(authority)) {
      return authority.equals(externalAuthority.get());
    }
    return authority.equalsIgnoreCase(request.getHeader("Host"))
        || authority.equalsIgnoreCase(request.getHeader("X-Forwarded-Host"))
        || authority.equals(externalAuthority.orElse("none"));
  }

  /** Whether anybody can have this name, and have it stand for any address. */
  private static boolean canBeRebound(String authority) {
    String host = PORT.matcher(authority).replaceFirst("");
    boolean isAddress = host.startsWith("[") || IPV4.matcher(host).matches();
    return host.contains(".") && !isAddress && !host.endsWith(".localhost");
  }

  /** Empty for {@code null}, which sandboxed pages have for an origin, and for nonsense. */
  private static String authority(String origin) {
    try {
      String authority = new URI(origin).getRawAuthority();
      return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }

  /** Whether a page of this origin may push. */
  public boolean mayPush(String origin) {
    return pushers.contains(ANY) || pushers.contains(origin);
  }
}
