package dev.pushgateway.push;

import dev.pushgateway.request.Backend;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Responses;
import dev.pushgateway.request.Stores;
import dev.pushgateway.store.MetricStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code PUT /api/v1/admin/wipe}: removes all groups. */
public final class WipeHandler implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(WipeHandler.class);
  private static final int ACCEPTED = 202;

  private final Backend backend;

  public WipeHandler(Backend backend) {
    this.backend = backend;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException {
    MetricStore store = Stores.ready(backend);
    try {
      LOG.info("{} groups wiped by {}", store.wipe(), request.getRemoteAddr());
    } catch (IOException e) {
      throw PushHandler.storageFailed(e, "wipe");
    }
    Responses.empty(response, ACCEPTED);
  }
}
