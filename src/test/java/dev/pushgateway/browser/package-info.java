/**
 * A real Chromium for tests, driven over its DevTools protocol. Entry point: {@link
 * dev.pushgateway.browser.Chromium}.
 *
 * <p>No driver and no library: a process, a web socket, JSON. (Playwright for Java brings 190 MB of
 * drivers, Selenium another program that has to fit the browser.)
 */
package dev.pushgateway.browser;
