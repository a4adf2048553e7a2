// A time zone that is not on file is guessed from the browser; every page works without this.
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.querySelectorAll("select[data-guess-zone]").forEach((select) => {
    const isOpen = !select.value || select.value === "UTC";
    if (isOpen && [...select.options].some((option) => option.value === zone)) select.value = zone;
  });
})();
