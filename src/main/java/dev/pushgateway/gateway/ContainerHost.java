package dev.pushgateway.gateway;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servlet container of the gateway. It runs other applications, too, so that problems are only
 * logged.
 */
public final class ContainerHost implements Host {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerHost.class);

  @Override
  public boolean waitsForPersistenceFile() {
    return true;
  }

  @Override
  public void quit() {
    LOG.warn("ignored a request to quit: the container ends the gateway");
  }

  @Override
  public void failed(String reason) {
    LOG.error("the gateway cannot serve: {}", reason);
  }

  @Override
  public void endedBadly(String reason) {
    LOG.error("pushes may be lost: {}", reason);
  }
}
