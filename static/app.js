// Small things on top of pages that are complete without them: live state, copying, upload progress.
(() => {
  "use strict";

  // The element by itself: its tag, and the text that is directly in it.
  const shell = (node) => node.cloneNode(false).outerHTML + [...node.childNodes].map((child) => child.data ?? "\0").join("");

  // What is read aloud keeps its place: only the lines that are different are put in.
  const renew = (old, next) => {
    const [before, after] = [[...old.children], [...next.children]];
    if (old.isEqualNode(next)) return;
    if (before.length && before.length === after.length && shell(old) === shell(next)) {
      before.forEach((child, place) => renew(child, after[place]));
    } else old.replaceWith(next);
  };

  // A change somewhere: ask for this page again and swap the parts that can live.
  const refresh = async () => {
    const parts = [...document.querySelectorAll("[data-live][id]")];
    if (!parts.length) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.status === 401 || answer.redirected) return location.reload();
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      // What somebody is at stays as it is.
      if (part.contains(document.activeElement) || part.querySelector(":popover-open")) continue;
      const next = fresh.getElementById(part.id);
      if (!next) part.remove();
      else if (next.outerHTML === part.outerHTML) continue;
      else if (part.querySelector("[aria-live]")) renew(part, next);
      else {
        next.classList.add("is-new");
        part.replaceWith(next);
      }
    }
    ready(document);
  };

  // Once for all news of a moment, and never two at a time: the later answer is the later state.
  let [waiting, again] = [false, false];
  const soon = () => {
    again = waiting;
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      again = false;
      await refresh().catch(() => {});
      waiting = false;
      if (again) soon();
    }, 120);
  };

  const follow = () => {
    const path = document.body.dataset.events;
    if (!path || !window.EventSource || !document.querySelector("[data-live]")) return;
    const news = new EventSource(path);
    // What changed between this page's rendering and the stream's start was told to nobody; the same
    // after an interruption.
    let missed = document.querySelector("[data-live] :is([data-state=pending], [data-state=updating]), [data-live]:is([data-state=pending], [data-state=updating])");
    news.addEventListener("open", () => {
      if (missed) soon();
      missed = true;
    });
    news.addEventListener("change", soon);
    news.addEventListener("reload", soon);
    addEventListener("pagehide", () => news.close());
  };

  const copying = (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    const label = button.getAttribute("aria-label");
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.setAttribute("aria-label", button.dataset.done);
      setTimeout(() => button.setAttribute("aria-label", label), 2000);
    };
  };

  // The same page again, saying what is wrong with what was sent.
  const shown = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    if (!fresh) return location.reload();
    document.querySelector("main").replaceWith(fresh);
    ready(fresh);
    fresh.querySelector("[data-focus]")?.focus();
  };

  const sending = (form) => {
    const box = form.querySelector("[data-progress]");
    const files = form.querySelector("input[type=file]");
    if (!box || !files) return;
    const [text, bar] = [box.querySelector("span"), box.querySelector("progress")];
    const failed = () => {
      text.textContent = box.dataset.failed;
      bar.hidden = true;
    };
    const send = () => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.onprogress = (event) => {
        const percent = event.total ? Math.floor((event.loaded / event.total) * 100) : 0;
        bar.value = percent;
        text.textContent = box.dataset.text.replace("%", percent + " %");
      };
      request.onload = () => {
        if (request.status < 300) location.assign(request.responseURL);
        else if (request.status === 422) shown(request.responseText);
        else failed();
      };
      request.onerror = failed;
      box.hidden = bar.hidden = false;
      request.send(new FormData(form));
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      send();
    };
    form.ondragover = (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    };
    form.ondragleave = () => form.classList.remove("is-over");
    form.ondrop = (event) => {
      event.preventDefault();
      form.classList.remove("is-over");
      files.files = event.dataTransfer.files;
      if (files.files.length) send();
    };
  };

  // A statement is run from the keyboard as well.
  const running = (form) => {
    form.onkeydown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    };
  };

  // A text that is longer than what is saved stays in the page.
  const bounded = (area) => {
    area.form.onsubmit = (event) => {
      const over = new Blob([area.value]).size > area.dataset.bytes;
      area.setCustomValidity(over ? area.dataset.over : "");
      if (over) {
        event.preventDefault();
        area.reportValidity();
      }
    };
    area.oninput = () => area.setCustomValidity("");
  };

  // What may take its time comes after the page, and says so when it does not come.
  const later = async (box) => {
    const answer = await fetch(box.dataset.load, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return void (box.textContent = box.dataset.failed);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    box.replaceChildren(...fresh.body.childNodes);
  };

  // A list is walked from the keyboard: j and k go down and up, and Enter opens, as on any link.
  const walking = (list) => {
    document.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("[data-row] th a")];
      const step = { j: 1, k: -1 }[event.key];
      const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select");
      if (!step || busy || !links.length) return;
      const at = links.indexOf(document.activeElement);
      links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)].focus();
    });
  };

  const ready = (root) => {
    root.querySelectorAll("textarea[data-bytes]").forEach(bounded);
    root.querySelectorAll("form[data-run]").forEach(running);
    root.querySelectorAll("button[data-copy]").forEach(copying);
    root.querySelectorAll("form[data-upload]").forEach(sending);
  };

  // Tabs that do not fit scroll inside themselves; the present one is in view.
  const tabs = (list) => {
    const here = list.querySelector("[aria-current]");
    if (here) list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  };

  const start = () => {
    document.querySelectorAll(".wb-tabs").forEach(tabs);
    ready(document);
    document.querySelectorAll("[data-load]").forEach(later);
    document.querySelectorAll("[data-walk]").forEach(walking);
    follow();
    document.querySelector("[data-focus]")?.focus();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
