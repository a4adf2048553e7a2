// In a gallery j and k move, c copies, b puts into the basket or takes out. All works without.
(() => {
  "use strict";
  const cards = () => [...document.querySelectorAll("[data-card]")];
  const here = () => document.activeElement && document.activeElement.closest("[data-card]");

  const go = (step) => {
    const all = cards();
    if (!all.length) return;
    const at = all.indexOf(here());
    const to = all[Math.max(0, Math.min(at < 0 ? 0 : at + step, all.length - 1))];
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => {
    const button = here() && here().querySelector(selector);
    if (button) button.click();
  };
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    c: () => press("[data-copy]"),
    b: () => press("[data-basket] button"),
  };

  if (document.body.dataset.gallery) return; // loaded again by a page that was swapped in
  document.body.dataset.gallery = "1";
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, dialog");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
