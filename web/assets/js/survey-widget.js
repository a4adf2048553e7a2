// Shows a survey of RefProgram in a corner of the page, or where its script element stands (data-inline), once for
// each session. Sets no cookie, reads nothing of the page but the data-about-… of its own element, loads nothing else.
(() => {
  "use strict";
  const place = (script) => {
    const token = script.dataset.survey;
    if (!/^[A-Za-z0-9_-]{10,40}$/.test(token) || script.dataset.placed) return;
    script.dataset.placed = "yes";
    const name = `refprogram-survey-${token}`;
    let kept = {};
    // Storage may be forbidden: then the survey shows again on the next page, and its answer counts by itself.
    const keep = (what) => { kept = { ...kept, ...what }; try { sessionStorage.setItem(name, JSON.stringify(kept)); } catch { /* forbidden */ } };
    try { kept = JSON.parse(sessionStorage.getItem(name)) || {}; } catch { /* forbidden */ }
    if (kept.done) return;
    if (!/^[0-9a-f]{32}$/.test(kept.key)) {
      keep({ key: [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("") });
    }
    const query = new URLSearchParams({ key: kept.key, language: script.dataset.language || document.documentElement.lang || "" });
    if (script.dataset.look) query.set("look", script.dataset.look);
    for (const { name: attribute, value } of script.attributes) {
      if (attribute.startsWith("data-about-")) query.set(attribute.slice(5), value.slice(0, 100));
    }
    const frame = document.createElement("iframe");
    frame.src = `${new URL(script.src).origin}/survey-widget/${token}/?${query}`;
    frame.title = script.dataset.title || "One question";
    frame.setAttribute("sandbox", "allow-scripts allow-forms");
    Object.assign(frame.style, { border: "0", width: "100%", height: "0", display: "block", colorScheme: "normal" });
    if (!("inline" in script.dataset)) {
      Object.assign(frame.style, { position: "fixed", insetBlockEnd: "1rem", insetInlineEnd: "1rem", width: "min(30rem, calc(100vw - 2rem))", zIndex: "2147483000" });
    }
    // A sandboxed frame has no origin of its own ("null"); that the message is this very frame's says whose it is.
    window.addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== "null" || typeof event.data !== "object") return;
      const { survey, height, done, close, gone } = event.data || {};
      if (gone) { frame.remove(); return; }
      if (survey !== token) return;
      if (height > 0 && height < 2000) frame.style.height = `${Math.ceil(height)}px`;
      if (done) keep({ done: true });
      if (close) frame.remove();
    });
    const wait = Math.min(Math.max(Number(script.dataset.after) || 0, 0), 600);
    const show = () => { if ("inline" in script.dataset) script.after(frame); else document.body.append(frame); };
    const start = () => window.setTimeout(show, 1000 * wait);
    if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
  };
  const own = document.currentScript;
  if (own && own.dataset.survey) place(own);
  else document.querySelectorAll("script[data-survey]").forEach(place);
})();
