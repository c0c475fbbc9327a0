/* global document, localStorage, matchMedia */
// Runs before the first paint, so that a dark page does not flash white; a file, because the content
// security policy allows no inline scripts.
(function () {
  var stored = null;
  var density = null;
  try {
    stored = localStorage.getItem("mantine-color-scheme-value");
    density = localStorage.getItem("plumbline-density");
  } catch {
    // Storage may be closed to us; the defaults serve.
  }
  var isDark =
    stored === "dark" || (stored !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
  document.documentElement.setAttribute(
    "data-density",
    density === "compact" ? "compact" : "comfortable",
  );
})();
