package dev.pushgateway.request;

import dev.pushgateway.store.InconsistentStoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Serves one method on one path. Called by many threads at once. */
public interface Endpoint {

  /**
   * Serves a request. {@link ErrorResponses} turns exceptions into responses, unless a part of a
   * response was already sent.
   *
   * @throws RequestRefusedException if the request is refused, with a sentence for the client
   * @throws InconsistentStoreException if stored metrics cannot be exposed
   * @throws IOException if the client is gone
   */
  void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, InconsistentStoreException, IOException;
}
