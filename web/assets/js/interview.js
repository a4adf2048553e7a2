// One key does what an interviewer does most: 0 to 10, then why, save, next. All works without.
(() => {
  "use strict";
  const page = document.querySelector("[data-interview]");
  if (!page) return;
  const scores = [...page.querySelectorAll("input[name=score]")];
  const why = page.querySelector("#comment");
  const SOON = 900; // milliseconds within which a 0 after a 1 makes a ten
  let one = 0;

  const choose = (value) => {
    const radio = scores.find((each) => each.value === value);
    radio.checked = true;
    radio.focus();
  };
  const digit = (key, now) => {
    const isTen = key === "0" && now - one < SOON;
    choose(isTen ? "10" : key);
    one = key === "1" ? now : 0;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog")) return;
    const isTyping = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (event.key === "Escape" && isTyping) { (scores.find((each) => each.checked) || scores[0]).focus(); return; }
    if (isTyping) return;
    if (/^[0-9]$/.test(event.key)) { event.preventDefault(); digit(event.key, event.timeStamp); return; }
    if (event.key === "Enter" && event.target.matches("input[name=score]")) { event.preventDefault(); why.focus(); return; }
    const act = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!act) return;
    event.preventDefault();
    act.click();
    const field = act.matches("summary") && act.parentElement.querySelector("input[name=note]");
    if (field) window.setTimeout(() => { if (act.parentElement.open) field.focus(); }, 0);
  });
  if (!document.querySelector("[role=alert]")) (scores.find((each) => each.checked) || scores[0]).focus();
})();
