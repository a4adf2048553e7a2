// A time zone that is not on file is guessed from the browser, and links are copied; every page works without this.
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.querySelectorAll("select[data-guess-zone]").forEach((select) => {
    const isOpen = !select.value || select.value === "UTC";
    if (isOpen && [...select.options].some((option) => option.value === zone)) select.value = zone;
  });
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy][hidden]").forEach((button) => {
    const label = button.querySelector("[data-label]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = button.dataset.done;
    });
  });
})();
