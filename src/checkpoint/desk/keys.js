// Deciding without the mouse: j and k go along the list, x ticks, Enter opens; the other keys press what carries data-key.
// And how many are ticked, said where they are decided on.
"use strict";

const rows = () => [...document.querySelectorAll(".walks tbody tr")];

function present() {
  return rows().findIndex((row) => row.contains(document.activeElement));
}

function go(step) {
  const all = rows();
  const at = present();
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.querySelector("th a")?.focus();
}

function press(key) {
  const target = document.querySelector(`[data-key="${key}"]`);
  target?.click();
  return Boolean(target);
}

function write() {
  const note = document.querySelector("form textarea[name=note]");
  note?.focus();
  return Boolean(note);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("textarea, select, input:not([type=checkbox]), [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = rows()[present()];
  const acts = {
    j: () => (go(1), true),
    k: () => (go(-1), true),
    x: () => (row?.querySelector("input[type=checkbox]")?.click(), Boolean(row)),
    r: write,
  };
  const acted = (acts[event.key] ?? (() => /^[acno]$/.test(event.key) && press(event.key)))();
  if (acted) event.preventDefault();
});

const chosen = document.querySelector("#chosen span");
const count = () => { chosen.textContent = document.querySelectorAll(".walks input:checked").length; };
if (chosen) {
  document.querySelector(".walks").addEventListener("change", count);
  // A browser that comes back to the page ticks again what was ticked.
  addEventListener("pageshow", count);
}
