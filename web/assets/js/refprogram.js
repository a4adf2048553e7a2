// Small comforts; every page works without them.
(() => {
  "use strict";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const jump = document.getElementById("jump");

  const openJump = () => {
    if (!jump || jump.open) return;
    jump.showModal();
    const box = jump.querySelector("input[type=search]");
    box.focus();
    box.select();
  };

  document.addEventListener("keydown", (event) => {
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
    const isCtrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (jump && (isSlash || isCtrlK)) {
      event.preventDefault();
      openJump();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea[data-submit]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.key === "Escape") {
      document.querySelectorAll("details[data-pop][open]").forEach((each) => {
        each.open = false;
        each.querySelector("summary").focus();
      });
    }
  });

  if (jump) {
    jump.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); jump.close(); return; } // a search box would only clear itself
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [jump.querySelector("input[type=search]"), ...jump.querySelectorAll(".jump-list a")];
      const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (stops[at]) { event.preventDefault(); stops[at].focus(); }
    });
    jump.addEventListener("submit", (event) => {
      const first = jump.querySelector(".jump-list a");
      if (first) { event.preventDefault(); window.location.assign(first.href); }
    });
    jump.addEventListener("click", (event) => { if (event.target === jump) jump.close(); });
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-jump]");
    if (opener && jump) { event.preventDefault(); openJump(); }
    document.querySelectorAll("details[data-pop][open]").forEach((each) => {
      if (!each.contains(event.target)) each.open = false;
    });
    const copier = event.target.closest("[data-copy]");
    if (copier) {
      navigator.clipboard.writeText(copier.dataset.copy).then(() => {
        const label = copier.querySelector("[data-label]");
        const before = label.textContent;
        label.textContent = copier.dataset.done;
        window.setTimeout(() => { label.textContent = before; }, 2000);
      });
    }
    const all = event.target.closest("input[data-check-all]");
    if (all) all.form.querySelectorAll(`input[name="${all.dataset.checkAll}"]`).forEach((each) => { each.checked = all.checked; });
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-autosubmit]")) event.target.form.requestSubmit();
    const form = event.target.matches("input[type=checkbox]") && event.target.form;
    const told = form && form.querySelector("[data-count-checked]");
    if (!told) return;
    const count = [...form.elements].filter((each) => each.checked).length;
    told.textContent = count === 1 ? told.dataset.one : told.dataset.many.replace("%n", count);
  });

  // A long list to choose several of becomes chips and a box with suggestions; the list itself stays what is sent.
  const enhance = (select, number) => {
    const names = new Map([...select.options].map((option) => [
      option.parentElement.label ? `${option.text} (${option.parentElement.label})` : option.text, option,
    ]));
    const picker = document.createElement("div");
    const box = document.createElement("input");
    const list = document.createElement("datalist");
    picker.className = "picker";
    box.className = "form-control";
    box.placeholder = select.dataset.picker;
    list.id = box.dataset.list = `picker-${number}`;
    box.setAttribute("list", list.id);
    box.autocomplete = "off";
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label) { box.id = `${select.id}-box`; label.htmlFor = box.id; }
    for (const name of names.keys()) list.append(new Option(name, name));
    const draw = () => {
      picker.querySelectorAll(".chip").forEach((chip) => chip.remove());
      for (const [name, option] of names) {
        if (!option.selected) continue;
        const chip = document.createElement("span");
        const button = document.createElement("button");
        chip.className = "chip chip-sure";
        button.type = "button";
        button.textContent = name;
        button.title = select.dataset.remove || "";
        button.addEventListener("click", () => { option.selected = false; draw(); box.focus(); });
        chip.append(button);
        picker.insertBefore(chip, box);
      }
    };
    box.addEventListener("input", () => {
      const option = names.get(box.value);
      if (option) { option.selected = true; box.value = ""; draw(); }
    });
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    picker.append(box, list);
    select.after(picker);
    select.classList.add("d-none");
    const hint = document.getElementById(`${select.id}_helptext`);
    if (hint) hint.classList.add("d-none");
    draw();
  };
  document.querySelectorAll("select[data-picker]").forEach(enhance);

  // A request that fails is told, not swallowed.
  const tell = () => {
    const main = document.getElementById("main");
    const notice = document.createElement("div");
    document.querySelectorAll("[data-failure]").forEach((each) => each.remove());
    notice.className = "notice notice-error";
    notice.setAttribute("role", "alert");
    notice.dataset.failure = "";
    notice.textContent = document.body.dataset.failed;
    main.prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:responseError", tell);
  document.addEventListener("htmx:sendError", tell);
  document.addEventListener("htmx:afterSwap", () => document.querySelectorAll("[data-failure]").forEach((each) => each.remove()));

  // A menu that would leave the window at the right opens towards the left.
  document.addEventListener("toggle", (event) => {
    const pop = event.target.matches("details[data-pop]") && event.target.querySelector(".pop");
    if (!pop) return;
    pop.classList.remove("pop-end");
    pop.classList.toggle("pop-end", pop.getBoundingClientRect().right > document.documentElement.clientWidth);
  }, true);

  const isWide = (rems) => window.matchMedia(`(min-width: ${rems}rem)`);
  const unfold = () => document.querySelectorAll("details[data-wide-open]").forEach((each) => { if (isWide(each.dataset.wideOpen || 75).matches) each.open = true; });
  [48, 75].forEach((rems) => isWide(rems).addEventListener("change", unfold));
  document.addEventListener("htmx:afterSwap", unfold);
  unfold();
})();
