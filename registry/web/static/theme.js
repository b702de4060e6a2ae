// Blocking and in <head>, so that a dark page never flashes white. A choice made by hand outlives the visit.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const show = () => { root.dataset.bsTheme = stored() ?? (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* a browser that keeps nothing still gets the switch */ }
    root.dataset.bsTheme = next;
  });
  root.classList.add("has-script");
  show();
})();
