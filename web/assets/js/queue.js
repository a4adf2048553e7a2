// One key decides: j and k move, a approves, s swaps, r rejects, o overrides, x ticks. All works without.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll("[data-row]")];
  const place = "queue-place";
  let at = -1;

  const go = (to) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(to, rows.length - 1));
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const act = (name) => rows[at] && rows[at].querySelector(`[data-act="${name}"]`);
  const follow = (link) => { if (link) { remember(); link.click(); } };
  const remember = () => window.sessionStorage.setItem(place, String(at));

  const approve = () => {
    const form = act("approve");
    if (!form) return;
    const reason = form.querySelector("input[name=reason]");
    if (reason && !reason.value.trim()) { reason.focus(); return; }
    form.requestSubmit();
  };
  const reject = () => {
    const fold = act("reject");
    if (!fold) return;
    fold.open = true;
    fold.querySelector("input[name=reason]").focus();
  };
  const tick = () => { const box = rows[at] && rows[at].querySelector("[data-tick]"); if (box) box.checked = !box.checked; };
  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    a: approve,
    s: () => follow(act("swap")),
    r: reject,
    o: () => follow(act("override")),
    x: tick,
  };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
    if (event.key === "Escape" && isTyping && rows[at]) { rows[at].focus(); return; }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    if (at < 0 && event.key !== "j" && event.key !== "k") go(0);
    keys[event.key]();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) at = rows.indexOf(row);
  });
  document.addEventListener("submit", remember);

  const before = window.sessionStorage.getItem(place);
  window.sessionStorage.removeItem(place);
  if (before !== null) go(Number(before));
})();
