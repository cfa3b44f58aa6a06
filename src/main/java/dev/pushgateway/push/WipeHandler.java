package dev.pushgateway.push;

import dev.pushgateway.request.Backend;
import dev.pushgateway.request.ChangeEndpoint;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code PUT /api/v1/admin/wipe}: deletes all groups. */
public record WipeHandler(Backend backend) implements ChangeEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(WipeHandler.class);
  private static final int ACCEPTED = 202;

  @Override
  public CompletionStage<Integer> change(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException {
    String client = request.getRemoteAddr();
    return backend
        .readyStore()
        .wipe()
        .handle(
            (count, failure) -> {
              if (failure != null) {
                throw new CompletionException(ErrorResponses.notStored(failure, "wipe"));
              }
              LOG.info("{} groups wiped by {}", count, client);
              return ACCEPTED;
            });
  }
}
