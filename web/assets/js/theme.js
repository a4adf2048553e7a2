// Follows the system's light or dark until the switch says otherwise; loaded before the first paint.
(() => {
  "use strict";
  const root = document.documentElement;
  if (!root.dataset.bsTheme) {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
    dark.addEventListener("change", follow);
    follow();
  }
})();
