package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * An endpoint that changes the store. It responds without a body after the change is durable, and
 * need not hold the request's thread until then.
 */
public interface ChangeEndpoint extends Endpoint {
  /**
   * Makes the change.
   *
   * @return completes when the change is durable, on any thread, with the status of the response or
   *     with a {@link RequestRefusedException}
   * @throws RequestRefusedException if the request is refused at once
   */
  CompletionStage<Integer> change(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException;

  /**
   * Checks a request before its body arrives.
   *
   * @throws RequestRefusedException if the change would be refused with any body
   */
  default void checkHead(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException {}

  /** Makes the change and waits until it is durable. */
  @Override
  default void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, IOException {
    Responses.empty(response, join(change(request, path)));
  }

  /**
   * Waits for a change.
   *
   * @return the status of the response
   * @throws RequestRefusedException if the change was refused
   */
  static int join(CompletionStage<Integer> change) throws RequestRefusedException {
    try {
      return change.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RequestRefusedException refusal) {
        throw refusal;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }
}
