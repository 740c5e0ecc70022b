// Small things on top of pages that are complete without them: live state, copying, upload progress.
(() => {
  "use strict";

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
      else if (next.outerHTML !== part.outerHTML) {
        next.classList.add("is-new");
        part.replaceWith(next);
      }
    }
    ready(document);
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh().catch(() => {}), 120);
  };

  const follow = () => {
    const path = document.body.dataset.events;
    if (!path || !window.EventSource || !document.querySelector("[data-live]")) return;
    const news = new EventSource(path);
    // What changed between this page's rendering and the stream's start was told to nobody; the same
    // after an interruption.
    let again = document.querySelector("[data-live] :is([data-state=pending], [data-state=updating]), [data-live]:is([data-state=pending], [data-state=updating])");
    news.addEventListener("open", () => {
      if (again) soon();
      again = true;
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

  const ready = (root) => {
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
    follow();
    document.querySelector("[data-focus]")?.focus();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
