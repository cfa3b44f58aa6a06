package dev.pushgateway.http;

import dev.pushgateway.admission.OverloadedException;
import dev.pushgateway.admission.RunningScrapes;
import dev.pushgateway.request.AcceptEncoding;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.ClientConnection;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.QueryString;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Responses;
import dev.pushgateway.scrape.ExpositionWriter;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.scrape.ScrapedFamilies;
import dev.pushgateway.store.InconsistentStoreException;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.telemetry.OwnMetrics;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * {@code GET} on the telemetry path, usually {@code /metrics}: exposes all metrics.
 *
 * <p>Query parameters {@code name[]} select families, as in the Go gateway.
 */
final class ScrapeHandler implements Endpoint {
  /** Smaller amounts are part of the memory that every scrape reserves. */
  private static final long MIN_RESERVED_BYTES = 64 << 10;

  private final Backend backend;
  private final RunningScrapes running;
  private final OwnFamilies own;
  private final PushActivity activity = new PushActivity();

  ScrapeHandler(Backend backend, RunningScrapes running, OwnMetrics ownMetrics) {
    this.backend = backend;
    this.running = running;
    own = new OwnFamilies(ownMetrics);
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, InconsistentStoreException, IOException {
    MetricStore store = backend.readyStore();
    try {
      RunningScrapes.Lease lease =
          running.begin(store, request.getRemoteAddr(), ClientConnection.of(request)::close);
      try {
        List<MergedFamily> families = families(store, request.getQueryString());
        order(families, lease);
        answer(request, response, store, families, lease);
      } finally {
        lease.close();
      }
    } catch (OverloadedException e) {
      throw RequestRefusedException.unavailable(e.getMessage());
    }
  }

  /**
   * Sorts large families before the response begins, because the scrape can then still be refused.
   */
  private static void order(List<MergedFamily> families, RunningScrapes.Lease lease)
      throws OverloadedException {
    for (MergedFamily family : families) {
      long bytes = family.orderingBytes();
      if (bytes < MIN_RESERVED_BYTES) {
        continue; // Usual case.
      }
      if (family.isWorthKeeping()) {
        lease.reserveFor(bytes, family::order); // The store counts the sorted copy that it keeps.
      } else {
        lease.reserve(bytes);
      }
    }
  }

  private void answer(
      HttpServletRequest request,
      HttpServletResponse response,
      MetricStore store,
      List<MergedFamily> families,
      RunningScrapes.Lease lease)
      throws IOException {
    AcceptedFormat accepted = AcceptedFormat.negotiate(request.getHeader("Accept"));
    boolean gzip = AcceptEncoding.prefersGzip(request.getHeaders("Accept-Encoding"));
    response.setContentType(accepted.contentType());
    if (gzip) {
      response.setHeader("Content-Encoding", "gzip");
    }
    BooleanSupplier pushes = () -> activity.isRecent(store.version(), System.nanoTime());
    ExpositionWriter writer = accepted.format().writer();
    Responses.body(
        request,
        response,
        out -> {
          OutputStream chunks = new ChunkedWrites(lease.sending(out), pushes);
          if (gzip) {
            writer.writeGzip(families, accepted.escaping(), chunks);
          } else {
            writer.write(families, accepted.escaping(), chunks);
          }
        });
  }

  private List<MergedFamily> families(MetricStore store, String query)
      throws InconsistentStoreException {
    List<MergedFamily> all = ScrapedFamilies.merge(store.families(), own.families());
    Set<String> names = QueryString.values(query, "name[]");
    return names.isEmpty()
        ? all
        : all.stream().filter(family -> names.contains(family.name())).toList();
  }
}
