package dev.pushgateway.request;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Reads {@code Accept-Encoding} headers, to choose between {@code gzip} and {@code identity}. If
 * both have the same weight, {@code identity} wins. {@code *} stands for both.
 */
public final class AcceptEncoding {
  private AcceptEncoding() {}

  public static boolean prefersGzip(Enumeration<String> headers) {
    return headers != null && prefersGzip(Collections.list(headers));
  }

  public static boolean prefersGzip(List<String> headers) {
    double gzip = 0;
    double identity = 0;
    for (String header : headers) {
      for (String clause : header.split(",", -1)) {
        String[] parts = clause.split(";", -1);
        String coding = parts[0].trim();
        double q = parts.length == 1 ? 1 : quality(parts[1].trim());
        boolean any = coding.equals("*");
        gzip = any || coding.equals("gzip") ? Math.max(gzip, q) : gzip;
        identity = any || coding.equals("identity") ? Math.max(identity, q) : identity;
      }
    }
    return gzip > identity;
  }

  private static double quality(String parameter) {
    if (!parameter.startsWith("q=")) {
      return 1;
    }
    try {
      double q = Double.parseDouble(parameter.substring(2));
      return q >= 0 && q <= 1 ? q : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
