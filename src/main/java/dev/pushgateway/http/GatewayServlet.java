package dev.pushgateway.http;

import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.BodyArrival;
import dev.pushgateway.request.BodyDrain;
import dev.pushgateway.request.ChangeEndpoint;
import dev.pushgateway.request.Cors;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RefusalLog;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Resource;
import dev.pushgateway.request.Resource.Operation;
import dev.pushgateway.request.Responses;
import dev.pushgateway.request.SafeText;
import dev.pushgateway.store.InconsistentStoreException;
import dev.pushgateway.telemetry.OwnMetrics;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves all requests. Passes each request to the {@link Endpoint} of its path and method, and does
 * the common part: headers, errors, own metrics. Map this servlet to {@code /*}.
 *
 * <p>Reads only the raw request URI (see {@link RequestPath}), never parameters, path info or
 * servlet path, so that all containers behave alike.
 */
public final class GatewayServlet extends HttpServlet {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServlet.class);

  private final transient Routes routes;
  private final transient OwnMetrics ownMetrics;
  private final transient ErrorResponses errorResponses;
  private final transient HttpOptions options;

  /**
   * Creates a servlet.
   *
   * @param clock tells the push times
   */
  public GatewayServlet(HttpOptions options, Backend backend, OwnMetrics ownMetrics, Clock clock) {
    this.options = options;
    RefusalLog refusalLog = new RefusalLog(System::nanoTime);
    this.routes =
        new Routes(
            options.routePrefix(), new Endpoints(options, backend, ownMetrics, clock, refusalLog));
    this.ownMetrics = ownMetrics;
    this.errorResponses = new ErrorResponses(refusalLog);
  }

  /** Returns whether a path, without the route prefix, cannot be the path of scrapes. */
  public static boolean isTaken(String path) {
    return Endpoints.isTaken(path);
  }

  /**
   * Returns the filter that must stand before this servlet, at {@code /*}.
   *
   * @param file the users and roles; absent if there is no such file
   * @param containerRoles whether the container's roles decide what a client may do
   * @return empty if every client may do everything
   */
  public Optional<Filter> filter(Optional<WebConfigFile> file, boolean containerRoles) {
    List<Filter> filters = new ArrayList<>();
    // In this order, so that pages of other origins can read the refusals of later filters.
    if (!options.origins().pushers().isEmpty()) {
      filters.add(new PushCorsFilter(routes, options.origins(), errorResponses));
    }
    if (file.isPresent()) {
      filters.add(new AccessFilter(file.get(), options, routes, errorResponses));
    }
    if (containerRoles) {
      filters.add(new ContainerRolesFilter(routes, options.origins(), errorResponses));
    }
    return filters.stream().reduce(GatewayServlet::both);
  }

  private static Filter both(Filter first, Filter second) {
    return (request, response, chain) ->
        first.doFilter(request, response, (req, res) -> second.doFilter(req, res, chain));
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long start = System.nanoTime();
    Responses.setGeneralHeaders(response);
    String handler = "";
    boolean late = false;
    try {
      RequestPath path = RequestPath.of(request);
      if (routes.isApi(path)) {
        Cors.set(response);
      }
      checkTransferEncoding(request);
      Routes.RouteMatch match = routes.find(path).orElseThrow(GatewayServlet::notFound);
      Operation operation = match.resource().operations().get(request.getMethod());
      if (operation != null) {
        handler = operation.handler();
        Endpoint endpoint = operation.endpoint();
        if (endpoint instanceof ChangeEndpoint change && request.isAsyncSupported()) {
          String counted = handler;
          Runnable count = () -> count(counted, request, response.getStatus(), start);
          late = change(change, request, response, match.path(), count);
        } else {
          endpoint.handle(request, response, match.path());
        }
      } else {
        answerOtherMethod(match.resource(), request, response);
      }
    } catch (RequestRefusedException e) {
      errorResponses.refused(e, request, response);
    } catch (InconsistentStoreException e) {
      errorResponses.inconsistent(e, request, response);
    } catch (RuntimeException | Error e) {
      errorResponses.failed(e, request, response);
    } finally {
      if (!late) {
        count(handler, request, response.getStatus(), start);
      }
    }
  }

  /** Refuses unknown transfer encodings, with which the end of the body would be unclear. */
  private static void checkTransferEncoding(HttpServletRequest request)
      throws RequestRefusedException {
    if (request.getContentLengthLong() >= 0) {
      return; // Containers refuse both headers together.
    }
    List<String> encodings = Collections.list(request.getHeaders("Transfer-Encoding"));
    boolean isKnown =
        encodings.isEmpty()
            || encodings.size() == 1 && encodings.get(0).strip().equalsIgnoreCase("chunked");
    if (!isKnown) {
      throw new RequestRefusedException(
          RequestRefusedException.NOT_IMPLEMENTED,
          "the transfer encoding must be chunked, or none; found "
              + SafeText.quote(String.join(", ", encodings)));
    }
  }

  /**
   * Makes a change.
   *
   * @param count counts the request after a late response
   * @return whether the response is sent later, by another thread
   */
  private boolean change(
      ChangeEndpoint endpoint,
      HttpServletRequest request,
      HttpServletResponse response,
      RequestPath path,
      Runnable count)
      throws RequestRefusedException {
    Optional<BodyArrival> body = BodyArrival.of(request);
    if (body.isPresent()) {
      endpoint.checkHead(request, path);
      AsyncContext context = startAsync(request);
      body.get()
          .await(
              () -> respondLate(begin(endpoint, request, path), context, request, response, count));
      return true;
    }
    CompletionStage<Integer> change = endpoint.change(request, path);
    if (change.toCompletableFuture().isDone()) {
      Responses.empty(response, ChangeEndpoint.join(change));
      return false;
    }
    respondLate(change, startAsync(request), request, response, count);
    return true;
  }

  private static AsyncContext startAsync(HttpServletRequest request) {
    AsyncContext context = request.startAsync();
    context.setTimeout(0); // No timeout: the disk may be slow.
    return context;
  }

  /** Begins a change. Returns exceptions as a failed stage. */
  private static CompletionStage<Integer> begin(
      ChangeEndpoint endpoint, HttpServletRequest request, RequestPath path) {
    try {
      return endpoint.change(request, path);
    } catch (RequestRefusedException | RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void respondLate(
      CompletionStage<Integer> change,
      AsyncContext context,
      HttpServletRequest request,
      HttpServletResponse response,
      Runnable count) {
    change.whenComplete(
        (status, failure) -> {
          respond(change, request, response);
          count.run();
          complete(context);
        });
  }

  private void respond(
      CompletionStage<Integer> change, HttpServletRequest request, HttpServletResponse response) {
    // If writing the response fails, the status must not be a success.
    response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    try {
      try {
        Responses.empty(response, ChangeEndpoint.join(change));
      } catch (RequestRefusedException e) {
        errorResponses.refused(e, request, response);
      } catch (RuntimeException | Error e) {
        errorResponses.failed(e, request, response);
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.debug("the response to {} could not be written", request.getRequestURI(), e);
    }
  }

  private static void complete(AsyncContext context) {
    try {
      context.complete();
    } catch (RuntimeException e) {
      LOG.debug("a client is gone", e);
    }
  }

  private static RequestRefusedException notFound() {
    return new RequestRefusedException(RequestRefusedException.NOT_FOUND, "page not found");
  }

  private static void answerOtherMethod(
      Resource resource, HttpServletRequest request, HttpServletResponse response)
      throws RequestRefusedException, IOException {
    if (!resource.exists()) {
      throw notFound();
    }
    response.setHeader("Allow", resource.allow());
    if (request.getMethod().equals(Resource.OPTIONS)) {
      Responses.empty(response, HttpServletResponse.SC_OK);
      return;
    }
    BodyDrain.announce(request, response);
    Responses.text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, resource.hint() + "\n");
    BodyDrain.skip(request, response);
  }

  /** Counts a request. Like Go, does not count scrapes and requests to unknown paths. */
  private void count(String handler, HttpServletRequest request, int status, long start) {
    if (handler.isEmpty()) {
      return;
    }
    String method = request.getMethod();
    ownMetrics.countRequest(handler, status, method);
    if (handler.equals(Endpoints.PUSH)) {
      ownMetrics.observePush(method, size(request), start);
    }
  }

  /**
   * Returns the size of request line and body in bytes, without headers: adding them up would cost
   * as much as all other own metrics together. A body of unknown length counts as 0, as in Go.
   */
  private static long size(HttpServletRequest request) {
    String query = request.getQueryString();
    return Math.max(0, request.getContentLengthLong())
        + request.getRequestURI().length()
        + (query == null ? 0 : query.length() + 1)
        + request.getMethod().length()
        + request.getProtocol().length();
  }
}
