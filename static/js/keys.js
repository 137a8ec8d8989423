// Keys: those that the controls show, silent in text fields, while a dialog is open, and behind an open menu.

import { $, LINE } from "./dom.js";
import { togglePick } from "./picking.js";
import { isElsewhere, move } from "./walking.js";

const TEXT = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])";
const GOING_FOR = 1500; // ms that the second letter of "g, then a letter" has

let going;

/** The character that was typed; the letter by its place where the keyboard writes another script. */
export function typed({ key, code }) {
  return /^[\x20-\x7e]$/.test(key) ? key.toLowerCase() : code.replace(/^Key/, "").toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if ($("dialog[open]")) return;
  if (event.target.matches?.(TEXT)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key.length > 1) return stopGoing();
  const key = typed(event), menu = $("[popover]:popover-open");
  if (menu ? use(withKey(key, menu)) : going ? goTo(key) : press(key)) event.preventDefault();
});

const withKey = (key, root) => $(`[data-key="${CSS.escape(key)}"]`, root);

function press(key) {
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  if (key === "x") return togglePick(document.activeElement.closest(LINE));
  if (key === "g") return startGoing();
  // What the page is about comes before what stands on every page, such as its own search before the inbox's.
  const control = withKey(key, $("#main")) ?? withKey(key);
  return control?.closest(".request") && isElsewhere() ? true : use(control);
}

/** Do what a control is there for: go to a field, which a page without room for it has elsewhere, or press it. */
export function run(control) {
  if (!control.matches(TEXT)) control.click();
  else if (control.checkVisibility()) control.focus();
  else location.assign(`${control.form.action}#${control.id}`);
}

function use(control) {
  if (!control || control.disabled) return false;
  if (control.hasAttribute("data-key-only-focuses")) goToWhatItNeeds(control);
  else run(control);
  return true;
}

// What is typed next goes into the field that the control needs, and is no key; where that is filled, Enter presses it.
function goToWhatItNeeds(control) {
  const field = $(`#${control.dataset.needs}`);
  (field?.value.trim() ? control : field ?? control).focus();
}

// The search of a page that has no room for it is the inbox's.
if (location.hash === "#search") $("#search")?.focus();

// --- g, then a letter: meanwhile the links show theirs ---------------------------------------------------------------

function startGoing() {
  document.body.classList.add("going");
  going = setTimeout(stopGoing, GOING_FOR);
  return true;
}

function stopGoing() {
  clearTimeout(going);
  going = undefined;
  document.body.classList.remove("going");
}

function goTo(key) {
  stopGoing();
  return use($(`[data-go="${CSS.escape(key)}"]`));
}
