// Leading without reloads: what is pressed goes by itself, and the page hears how the visit stands and who follows.
"use strict";

const place = document.querySelector("[data-lead]");
const form = place?.querySelector("form");
const find = (name) => place.querySelector(`[data-lead-${name}]`);

// Shows the state that the service tells.
function show({ going, telling, look, here, reached }) {
  for (const station of place.querySelectorAll("[data-lead-station]")) {
    const isHere = station.dataset.leadStation === going?.station;
    if (isHere) station.setAttribute("aria-current", "step");
    else station.removeAttribute("aria-current");
  }
  for (const point of place.querySelectorAll("[data-lead-point]")) {
    point.toggleAttribute("data-telling", point.dataset.leadPoint === telling?.point);
    point.toggleAttribute("data-looking", point.dataset.leadPoint === look?.point);
  }
  find("pause").disabled = !telling?.playing;
  find("resume").disabled = !telling || telling.playing;
  const count = find("count");
  const words = count.dataset.words.replace("{here}", here).replace("{reached}", reached);
  if (count.textContent !== words) count.textContent = words;
}

let waits = 0;

// Listens. A browser comes back by itself after a break, unless it was answered with something else, by a proxy for one.
function listen() {
  const events = new EventSource(place.dataset.lead);
  let silent = 0;
  const heard = () => {
    clearTimeout(silent);
    silent = setTimeout(again, 25_000);
  };
  const again = () => {
    clearTimeout(silent);
    events.close();
    clearTimeout(waits);
    waits = setTimeout(listen, 1000);
  };
  events.addEventListener("open", () => {
    find("lost").hidden = true;
    heard();
  });
  events.addEventListener("beat", heard);
  events.addEventListener("state", ({ data }) => {
    heard();
    const state = JSON.parse(data);
    if (state.finished) {
      events.close();
      clearTimeout(silent);
      location.reload();
      return;
    }
    show(state);
  });
  events.addEventListener("error", () => {
    find("lost").hidden = false;
    if (events.readyState === EventSource.CLOSED) again();
  });
}

async function send(button) {
  button.setAttribute("aria-busy", "true");
  const fields = new URLSearchParams(new FormData(form, button));
  // The page that the answer leads to is this one.
  const answer = await fetch(form.action, { method: "POST", body: fields, redirect: "manual" }).catch(() => null);
  button.removeAttribute("aria-busy");
  find("unsent").hidden = answer?.type === "opaqueredirect";
}

if (form) {
  listen();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.submitter);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, select, input, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = [...form.querySelectorAll("[aria-keyshortcuts]")].find(
      (each) => !each.disabled && each.getAttribute("aria-keyshortcuts").toLowerCase() === event.key.toLowerCase(),
    );
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
