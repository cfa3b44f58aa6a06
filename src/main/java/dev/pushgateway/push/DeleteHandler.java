package dev.pushgateway.push;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.ChangeEndpoint;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.store.MetricStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * {@code DELETE /metrics/job/JOB{/LABEL/VALUE}}: deletes a group. Answers 202 whether or not the
 * group exists.
 */
public record DeleteHandler(Backend backend, GroupPath groupPath) implements ChangeEndpoint {
  private static final int ACCEPTED = 202;

  @Override
  public CompletionStage<Integer> change(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException {
    MetricStore store = backend.readyStore();
    GroupingKey key = groupPath.parse(path);
    return store
        .delete(key)
        .handle(
            (wasPresent, failure) -> {
              if (failure != null) {
                throw new CompletionException(ErrorResponses.notStored(failure, "deletion"));
              }
              return ACCEPTED;
            });
  }
}
