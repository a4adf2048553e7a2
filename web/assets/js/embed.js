// Puts an embed of RefProgram where its script element stands, and lets its frame grow with what is in it.
// Sets no cookie, loads nothing else, and reads nothing of the page it stands on.
(() => {
  "use strict";
  const place = (script) => {
    const id = script.dataset.embed;
    if (!/^[0-9a-f-]{32,36}$/i.test(id) || script.dataset.placed) return;
    script.dataset.placed = "yes";
    const frame = document.createElement("iframe");
    frame.src = `${new URL(script.src).origin}/embed/${id}/`;
    frame.title = script.dataset.title || "Customer stories";
    frame.loading = "lazy";
    frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
    Object.assign(frame.style, { border: "0", width: "100%", height: "20rem", display: "block", colorScheme: "normal" });
    // A sandboxed frame has no origin of its own ("null"); that the message is this very frame's says whose it is.
    window.addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== "null" || event.data?.embed !== id) return;
      const height = Number(event.data.height);
      if (height > 0 && height < 20000) frame.style.height = `${Math.ceil(height)}px`;
    });
    script.after(frame);
  };
  const own = document.currentScript;
  if (own && own.dataset.embed) place(own);
  else document.querySelectorAll("script[data-embed]").forEach(place);
})();
