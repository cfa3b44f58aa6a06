package dev.pushgateway.request;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A way to answer a request when its thread has gone on, for an endpoint that would only wait.
 *
 * <p>There is none where the container, or a filter in front, does not support asynchronous
 * requests.
 */
public final class LateAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(LateAnswer.class);
  private static final int INTERNAL_ERROR = 500;
  private static final String ATTRIBUTE = "dev.pushgateway.late-answer";

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final ErrorResponses errorResponses;
  private final Runnable whenAnswered;
  private boolean taken;

  /** Writes the answer. */
  public interface Answer {
    /**
     * Called once.
     *
     * @param failure why there is no success to answer; {@code null} if there is
     */
    void write(IOException failure) throws RequestRefusedException;
  }

  private LateAnswer(
      HttpServletRequest request,
      HttpServletResponse response,
      ErrorResponses errorResponses,
      Runnable whenAnswered) {
    this.request = request;
    this.response = response;
    this.errorResponses = errorResponses;
    this.whenAnswered = whenAnswered;
  }

  /**
   * Offers it to the endpoint of a request.
   *
   * @param whenAnswered run after a late answer has been written, and before it is sent
   */
  public static LateAnswer offer(
      HttpServletRequest request,
      HttpServletResponse response,
      ErrorResponses errorResponses,
      Runnable whenAnswered) {
    LateAnswer offered = new LateAnswer(request, response, errorResponses, whenAnswered);
    if (request.isAsyncSupported()) {
      request.setAttribute(ATTRIBUTE, offered);
    }
    return offered;
  }

  /** What was offered. */
  public static Optional<LateAnswer> of(HttpServletRequest request) {
    return Optional.ofNullable((LateAnswer) request.getAttribute(ATTRIBUTE));
  }

  /** Whether the thread of the request must not answer any more. */
  public boolean isTaken() {
    return taken;
  }

  /**
   * Takes the answer out of the hands of the request's thread.
   *
   * @return sends the answer; to be called once, by any thread; never throws
   */
  public Consumer<IOException> take(Answer answer) {
    AsyncContext context = request.startAsync();
    context.setTimeout(0); // As long as the disk takes.
    taken = true;
    return failure -> {
      try {
        write(answer, failure);
      } catch (IOException | RuntimeException | Error e) {
        LOG.debug("the answer to {} could not be written", request.getRequestURI(), e);
      } finally {
        end(context);
      }
    };
  }

  private void write(Answer answer, IOException failure) throws IOException {
    response.setStatus(INTERNAL_ERROR); // Whatever happens here, it is not taken for success.
    try {
      answer.write(failure);
    } catch (RequestRefusedException e) {
      errorResponses.refused(e, request, response);
    } catch (RuntimeException | Error e) {
      errorResponses.failed(e, request, response);
    } finally {
      whenAnswered.run();
    }
  }

  private static void end(AsyncContext context) {
    try {
      context.complete();
    } catch (RuntimeException e) {
      LOG.debug("a client is gone", e);
    }
  }
}
