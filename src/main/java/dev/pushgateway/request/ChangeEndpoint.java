package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * An endpoint that changes the store. It responds without a body, once the change is durable; until
 * then it need not keep the thread of the request.
 */
public interface ChangeEndpoint extends Endpoint {
  /**
   * Makes the change.
   *
   * @return completes with the status of the response, on any thread, or with a {@link
   *     RequestRefusedException}
   * @throws RequestRefusedException if the request is refused before there is anything to wait for
   */
  CompletionStage<Integer> change(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException;

  /**
   * Checks what can be known of a request before its body is here.
   *
   * @throws RequestRefusedException if the change would be refused, whatever the body is
   */
  default void checkHead(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException {}

  /** Makes the change and waits until it is durable. */
  @Override
  default void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, IOException {
    Responses.empty(response, join(change(request, path)));
  }

  /** The status with which a change completes. */
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
