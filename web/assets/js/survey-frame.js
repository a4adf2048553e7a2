// In the frame of a survey's widget: tells the page how high it is, and when it is done with.
(() => {
  "use strict";
  const root = document.documentElement;
  const { survey } = root.dataset;
  if (window.parent === window) return;
  const tell = (what) => window.parent.postMessage({ survey, ...what }, "*");
  if ("gone" in root.dataset) { window.parent.postMessage({ survey: "", gone: true }, "*"); return; }
  new ResizeObserver(() => tell({ height: root.getBoundingClientRect().height })).observe(document.body);
  if ("done" in root.dataset) tell({ done: true });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) tell({ done: true, close: true }); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ done: true, close: true }); });
})();
