package dev.pushgateway.request;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** Filters one after the other, as one: so that nobody who registers it can forget some. */
public final class FilterSequence extends HttpFilter {
  private final transient List<HttpFilter> filters;

  public FilterSequence(List<HttpFilter> filters) {
    this.filters = List.copyOf(filters);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    FilterChain rest = chain;
    for (int i = filters.size() - 1; i >= 0; i--) {
      HttpFilter filter = filters.get(i);
      FilterChain next = rest;
      rest = (req, res) -> filter.doFilter(req, res, next);
    }
    rest.doFilter(request, response);
  }
}
