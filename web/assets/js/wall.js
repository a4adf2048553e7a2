// Counts, on public pages, that something was seen or followed: no cookie, no name, not where a browser asks not to be.
(() => {
  "use strict";
  const root = document.documentElement;
  const { countAt, mark, embed } = root.dataset;
  const isOpposed = navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;
  const tell = (event, what) => {
    if (isOpposed || !countAt || !what) return;
    const body = new URLSearchParams({ event, mark: what });
    // A count that is lost is nobody's loss; the page goes on.
    fetch(countAt, { method: "POST", body, mode: "no-cors", credentials: "omit", keepalive: true }).catch(() => {});
  };
  const seen = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", seen);
    tell("view", mark);
  };
  document.addEventListener("visibilitychange", seen);
  seen();
  const follow = (event) => {
    const link = event.target.closest("a[data-mark]");
    if (link && event.button < 2) tell("click", link.dataset.mark);
  };
  document.addEventListener("click", follow);
  document.addEventListener("auxclick", follow);

  if (embed && window.parent !== window) {
    const grow = () => window.parent.postMessage({ embed, height: root.getBoundingClientRect().height }, "*");
    new ResizeObserver(grow).observe(document.body);
    grow();
  }
})();
