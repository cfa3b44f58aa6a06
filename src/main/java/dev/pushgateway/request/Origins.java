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
 * Refuses browser requests that a page of another site sends. Clients other than browsers send no
 * such headers and are never refused here.
 *
 * <p>Browsers send the site of the page in {@code Sec-Fetch-Site}, but not over plain HTTP. Then,
 * and in browsers before 2023, {@code Origin} is compared with the gateway's names. A foreign page
 * can change neither of these headers, and cannot send {@code X-Forwarded-Host}.
 *
 * <p>DNS rebinding is the exception: an attacker gives the gateway's address to a name of their
 * own. The browser then treats their page as the gateway's own, and sends their name in {@code
 * Host}. If the external URL is known, the gateway therefore trusts only its name and names that no
 * attacker can own: addresses, {@code localhost}, and names without a dot. This also holds if
 * {@code Sec-Fetch-Site} says that the page is the gateway's own.
 *
 * @param externalAuthority host and port of the external URL; absent if unknown
 * @param pushers origins whose pages may push: {@code https://app.example}, or {@value #ANY}
 */
public record Origins(Optional<String> externalAuthority, Set<String> pushers) {
  /** Stands for all origins. */
  public static final String ANY = "*";

  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern IPV4 = Pattern.compile("\\d+(\\.\\d+){3}");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  public Origins {
    externalAuthority = externalAuthority.map(authority -> authority.toLowerCase(Locale.ROOT));
    pushers = Set.copyOf(pushers);
  }

  /**
   * Refuses a request of a foreign page. Otherwise any page could delete what its reader may
   * delete, because the reader is in the same network or has logged in.
   *
   * @throws RequestRefusedException with status 403
   */
  public void refuseForeign(HttpServletRequest request) throws RequestRefusedException {
    if (isForeign(request)) {
      throw new RequestRefusedException(
          HttpServletResponse.SC_FORBIDDEN, "refused: a page of another site sent this request");
    }
  }

  /**
   * Refuses a push of a page that may not push. Otherwise a browser that remembers a password would
   * push for any page, although the page cannot see the response.
   *
   * @throws RequestRefusedException with status 403
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

  /** Returns whether an attacker can own this name and give it any address. */
  private static boolean canBeRebound(String authority) {
    String host = PORT.matcher(authority).replaceFirst("");
    boolean isAddress = host.startsWith("[") || IPV4.matcher(host).matches();
    return host.contains(".") && !isAddress && !host.endsWith(".localhost");
  }

  /**
   * Returns host and port of an origin. Empty for {@code null}, the origin of sandboxed pages, and
   * for a malformed origin.
   */
  private static String authority(String origin) {
    try {
      String authority = new URI(origin).getRawAuthority();
      return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }

  /** Returns whether pages of this origin may push. */
  public boolean mayPush(String origin) {
    return pushers.contains(ANY) || pushers.contains(origin);
  }
}
