// Runs before the first paint, so that a dark room never sees a white flash.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("sandbox.theme");
  } catch {
    // Storage may be forbidden; the system's choice stands then.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
