// Focus: a new panel, a form's answer or a closed dialog leaves it where it was, or at what stands there now.

import { $ } from "./dom.js";

const PRESSED = "pressed";

const isLost = () => [null, document.body].includes(document.activeElement);
const panel = () => $("#decision")?.dataset.drafts; // whose, and of which request

/** The key of a control, or of what it is folded into. */
function keyOf(control) {
  return (control?.closest("[data-key]") ?? control?.closest("details")?.querySelector("summary"))?.dataset.key;
}

function goBackTo(key) {
  const control = key && $(`#main [data-key="${CSS.escape(key)}"]`);
  if (control) control.focus();
  else $("#decision")?.focus({ preventScroll: true });
}

// --- A form brings the whole page again ------------------------------------------------------------------------------

document.addEventListener("submit", ({ target, submitter }) => {
  if (panel() && target.method !== "dialog") sessionStorage.setItem(PRESSED, JSON.stringify({ panel: panel(), key: keyOf(submitter) }));
});

const pressed = JSON.parse(sessionStorage.getItem(PRESSED));
sessionStorage.removeItem(PRESSED);
if (pressed && pressed.panel === panel() && !location.hash && isLost()) {
  const wrong = $("#main [aria-invalid=true]");
  if (wrong) wrong.focus();
  else goBackTo(pressed.key);
}

// --- What somebody else does exchanges the panel, or the list ---------------------------------------------------------

let held;

// htmx goes back to what was exchanged for one of the same id. What it keeps loses the focus where `moveBefore` is missing.
function hold({ type, detail: { target } }) {
  if (type === "htmx:beforeSwap") held = undefined; // an answer that was not put in
  const control = document.activeElement;
  if (!target.contains(control) || control === document.body) return;
  const { id, selectionStart, selectionEnd } = control;
  held = { id, selectionStart, selectionEnd, inPanel: target.closest("#decision"), key: keyOf(control) };
}

function holdOn() {
  const same = held?.id && isLost() && document.getElementById(held.id);
  if (same) {
    same.focus({ preventScroll: true });
    if (typeof held.selectionStart === "number") same.setSelectionRange(held.selectionStart, held.selectionEnd);
  }
  if (held?.inPanel && isLost()) goBackTo(held.key);
}

// One answer may exchange several parts, of which any may hold the focus.
for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) document.addEventListener(name, hold);
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, holdOn);
document.addEventListener("htmx:afterSettle", () => (held = undefined));

// --- A dialog closes: the browser goes back, unless it was opened from a menu that has closed since ------------------

let last;

document.addEventListener("focusin", ({ target }) => {
  if (!target.closest("dialog")) last = target;
});

document.addEventListener("close", ({ target }) => {
  if (!target.matches("dialog") || !(isLost() || target.contains(document.activeElement))) return;
  const menu = last?.closest("[popover]");
  (menu ? $(`[popovertarget="${menu.id}"]`) : last)?.focus();
}, true);
