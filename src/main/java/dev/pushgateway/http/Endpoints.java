package dev.pushgateway.http;

import dev.pushgateway.admission.HeapBudget;
import dev.pushgateway.admission.OverloadedException;
import dev.pushgateway.admission.RunningScrapes;
import dev.pushgateway.listing.ListingHandler;
import dev.pushgateway.page.PageFile;
import dev.pushgateway.page.StaticHandler;
import dev.pushgateway.page.StatusPageHandler;
import dev.pushgateway.push.DeleteHandler;
import dev.pushgateway.push.PushHandler;
import dev.pushgateway.push.WipeHandler;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.ChangeEndpoint;
import dev.pushgateway.request.ClientConnection;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RefusalLog;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Requirement;
import dev.pushgateway.request.Resource;
import dev.pushgateway.request.Responses;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.telemetry.OwnMetrics;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table of paths and methods with their endpoints. No other class names the paths. */
final class Endpoints {
  /** The handler whose requests are measured, too. */
  static final String PUSH = "push";

  private static final String STATUS = "status";
  private static final String HEALTHY = "-/healthy";
  private static final String READY = "-/ready";
  private static final String QUIT = "-/quit";

  private final HttpOptions options;
  private final Backend backend;
  private final Clock clock;
  private final RunningScrapes scrapes;
  private final Resource group;
  private final Map<String, Resource> pages = new HashMap<>();

  Endpoints(
      HttpOptions options,
      Backend backend,
      OwnMetrics ownMetrics,
      Clock clock,
      RefusalLog refusalLog) {
    this.options = options;
    this.backend = backend;
    this.clock = clock;
    GroupPath groupPath = Routes.groupPath(options);
    HeapBudget budget = new HeapBudget(options.heapBytes(), backend::store);
    scrapes = new RunningScrapes(budget, options.maxConcurrentScrapes());
    Endpoint push = new PushHandler(options, backend, groupPath, budget, refusalLog, clock);
    Endpoint delete = sameSite(new DeleteHandler(backend, groupPath));
    group =
        Resource.empty()
            .with("PUT", PUSH, Requirement.PUSH, push)
            .with("POST", PUSH, Requirement.PUSH, push)
            .with("DELETE", "delete", Requirement.DELETE, delete);
    addPages();
    addApi();
    addLifecycle();
    Endpoint scrape = new ScrapeHandler(backend, scrapes, ownMetrics);
    pages.put(Routes.page(options.telemetryPath()), Resource.page("", Requirement.SCRAPE, scrape));
  }

  private ChangeEndpoint sameSite(ChangeEndpoint endpoint) {
    return (request, path) -> {
      options.origins().refuseForeign(request);
      return endpoint.change(request, path);
    };
  }

  /** Returns whether a path, without the route prefix, is used by something other than scrapes. */
  static boolean isTaken(String path) {
    String page = Routes.page(path);
    return Set.of("", STATUS, HEALTHY, READY, QUIT).contains(page)
        || PageFile.ASSETS.stream().anyMatch(file -> file.path().equals(page))
        || Routes.isGroupOrApi(page);
  }

  private Endpoint sameSite(Endpoint endpoint) {
    return (request, response, path) -> {
      options.origins().refuseForeign(request);
      endpoint.handle(request, response, path);
    };
  }

  private void addPages() {
    Endpoint status = asScrape(new StatusPageHandler(options, backend));
    Resource page = Resource.page("status", Requirement.SCRAPE, status);
    pages.put("", page);
    pages.put(STATUS, page);
    for (PageFile file : PageFile.ASSETS) {
      pages.put(file.path(), Resource.page("static", Requirement.SCRAPE, new StaticHandler(file)));
    }
  }

  /**
   * Counts a page that shows groups as a scrape, because it keeps the groups alive while it is
   * sent.
   */
  private Endpoint asScrape(Endpoint page) {
    return (request, response, path) -> {
      Optional<MetricStore> store = backend.store();
      if (store.isEmpty() || backend.notReadyReason().isPresent()) {
        page.handle(request, response, path);
        return;
      }
      Runnable abort = ClientConnection.of(request)::close;
      try {
        RunningScrapes.Lease lease = scrapes.begin(store.get(), request.getRemoteAddr(), abort);
        try {
          page.handle(request, response, path);
        } finally {
          lease.close();
        }
      } catch (OverloadedException e) {
        throw RequestRefusedException.unavailable(e.getMessage());
      }
    };
  }

  private void addApi() {
    addApi("api/v1/metrics", new ListingHandler(options, backend, scrapes, clock));
    addApi("api/v1/status", new StatusHandler(options, backend));
    if (options.enableAdminApi()) {
      Endpoint wipe = sameSite(new WipeHandler(backend));
      pages.put(
          "api/v1/admin/wipe",
          inApi(Resource.empty().with("PUT", "wipe", Requirement.ADMIN, wipe)));
    }
  }

  private void addApi(String path, Endpoint endpoint) {
    pages.put(path, inApi(Resource.page(path, Requirement.SCRAPE, endpoint)));
  }

  private void addLifecycle() {
    pages.put(HEALTHY, Resource.page("healthy", Requirement.HEALTH, healthy()));
    pages.put(READY, Resource.page("ready", Requirement.HEALTH, ready()));
    Endpoint quit = sameSite(quit());
    pages.put(
        QUIT,
        new Resource(Map.of(), "Only POST or PUT requests allowed.")
            .with("PUT", "", Requirement.ADMIN, quit)
            .with("POST", "", Requirement.ADMIN, quit));
  }

  /** Liveness: if this fails, an orchestrator should restart the gateway. */
  private Endpoint healthy() {
    return (request, response, path) -> {
      Optional<String> reason = backend.unhealthyReason();
      if (reason.isPresent()) {
        throw new RequestRefusedException(
            HttpServletResponse.SC_INTERNAL_SERVER_ERROR, reason.get());
      }
      Responses.text(response, HttpServletResponse.SC_OK, "OK");
    };
  }

  /**
   * Readiness: if this fails, a load balancer should send no requests. A gateway whose disk fails
   * still serves scrapes.
   */
  private Endpoint ready() {
    return (request, response, path) -> {
      backend.readyStore();
      Responses.text(response, HttpServletResponse.SC_OK, "OK");
    };
  }

  private Endpoint quit() {
    return (request, response, path) -> {
      if (!options.enableLifecycle()) {
        throw new RequestRefusedException(
            HttpServletResponse.SC_FORBIDDEN, "Lifecycle API is not enabled.");
      }
      Responses.text(response, HttpServletResponse.SC_OK, "Requesting termination... Goodbye!");
      response.flushBuffer(); // The response first: it may be the last of this process.
      options.quit().run();
    };
  }

  /** Adds OPTIONS to a resource of the API, for browsers that send it before a script's request. */
  private static Resource inApi(Resource resource) {
    return resource.with(
        Resource.OPTIONS,
        "api/v1/options",
        Requirement.NOTHING,
        (request, response, path) -> {
          response.setHeader("Allow", resource.allow());
          Responses.empty(response, HttpServletResponse.SC_OK);
        });
  }

  /** Returns all pages by path, relative to the route prefix, without a slash at either end. */
  Map<String, Resource> pages() {
    return Map.copyOf(pages);
  }

  /** Returns the resource of the paths of all groups. */
  Resource group() {
    return group;
  }

  /** Returns the resource of unknown paths in the API. */
  static Resource elsewhereInApi() {
    return inApi(Resource.empty());
  }
}
