package dev.pushgateway.request;

import dev.pushgateway.store.InconsistentStoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns exceptions of endpoints into responses, and logs those that an operator should know.
 *
 * <p>A mistake of the client is explained to the client in one sentence. A fault of the gateway is
 * logged with its stack, and the client gets a 500 without details.
 */
public record ErrorResponses(RefusalLog refusalLog) {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);
  static final String RETRY_AFTER_SECONDS = "5";

  public void refused(
      RequestRefusedException refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!refusal.group().isEmpty()) {
      refusalLog.log(request, refusal.group(), refusal.getMessage());
    }
    answer(request, response, refusal.status(), SafeText.oneLine(refusal.getMessage()));
  }

  public void inconsistent(
      InconsistentStoreException e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String why = SafeText.oneLine(e.getMessage());
    LOG.error("scrape refused: {}", why);
    String text = "An error has occurred while serving metrics:\n\n" + why;
    answer(request, response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, text);
  }

  public void failed(Throwable failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = SafeText.oneLine(String.valueOf(request.getRequestURI()));
    LOG.error("{} {} failed", request.getMethod(), path, failure);
    // OutOfMemoryError is unexpected here, but temporary: other requests may soon leave more
    // memory.
    int status =
        failure instanceof OutOfMemoryError
            ? RequestRefusedException.UNAVAILABLE
            : HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    answer(request, response, status, "internal error; see the gateway's log");
  }

  /**
   * Returns the refusal of a change that the log could not keep. The client may retry. The log
   * itself reports the failure to the operator.
   *
   * @param failure the reason; rethrown unless it is an {@link IOException}
   * @param act the requested change, as a noun
   */
  public static RequestRefusedException notStored(Throwable failure, String act) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (!(cause instanceof IOException problem)) {
      throw new CompletionException(cause);
    }
    LOG.debug("{} could not be stored", act, problem);
    return RequestRefusedException.unavailable(
        "the " + act + " could not be stored on disk: " + SafeText.reasonOf(problem));
  }

  /**
   * Resets a response that was not sent yet, except for the headers that every response has.
   *
   * @throws IOException if a part of the response was already sent
   */
  static void startAnew(HttpServletResponse response) throws IOException {
    if (response.isCommitted()) {
      // Only a broken connection can tell the client that the response is incomplete.
      throw new IOException("the response could not be completed");
    }
    boolean hasCors = Cors.isSet(response);
    response.reset();
    Responses.setGeneralHeaders(response);
    if (hasCors) {
      Cors.set(response);
    }
  }

  private static void answer(
      HttpServletRequest request, HttpServletResponse response, int status, String text)
      throws IOException {
    startAnew(response);
    if (RequestRefusedException.isTemporary(status)) {
      response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
    response.setStatus(status);
    BodyDrain.announce(request, response);
    Responses.text(response, status, text + "\n");
    BodyDrain.skip(request, response);
  }
}
