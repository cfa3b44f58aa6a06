package dev.pushgateway.request;

import dev.pushgateway.store.InconsistentStoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What answers one method on one path. Called by many threads at once. */
public interface Endpoint {

  /**
   * Answers a request. What it throws becomes an answer in {@link ErrorResponses}, unless part of
   * another one is already on its way.
   *
   * @throws RequestRefusedException if the client has to be told why not
   * @throws InconsistentStoreException if there is something to expose that cannot be
   * @throws IOException if the client is gone
   */
  void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, InconsistentStoreException, IOException;
}
