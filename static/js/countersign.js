// Live updates, keys, fresh times, focus and one press a decision. Every page works without it, but for being live.

import "./live.js";
import "./fragments.js";
import "./unfetched.js";
import "./times.js";
import "./zone.js";
import "./deciding.js";
import "./focus.js";
import { typed } from "./keys.js";
import { read } from "./drafts.js";
import { $ } from "./dom.js";

// The form for editing has drafts of its own: their module is fetched where there is such a form, or a draft for it.
const followEdits = () => ($("[name=editing]") || ($("#edits-kept") && read().edits)) && import("./edits.js");

followEdits();
document.addEventListener("htmx:afterSettle", followEdits);

// What no socket tells is asked for again and again, on the pages that show it.
if ($("[data-ticks]")) import("./ticking.js");

// The palette opens at once, so that what is typed goes into it and is no key of the page; what lists is fetched then,
// and does what was typed meanwhile, in its order.
const palette = $("#palette");
const input = palette && $("input", palette);
const STEERING = ["ArrowDown", "ArrowUp", "Enter"];

let openings = 0;
let listing; // one promise for all that is typed: it is kept in its order

function togglePalette() {
  if (palette?.open) return palette.close();
  if (!palette || $("dialog[open]")) return;
  input.value = "";
  openings += 1;
  palette.showModal();
  inPalette(({ list }) => list(""));
}

function inPalette(act) {
  const opening = openings;
  listing ??= import("./palette.js").catch(() => (listing = undefined)); // asked for anew at the next key
  listing.then((script) => script && palette.open && opening === openings && act(script));
}

palette?.addEventListener("input", () => {
  const words = input.value;
  inPalette(({ list }) => list(words));
});
palette?.addEventListener("keydown", (event) => {
  const { key, isComposing } = event;
  if (isComposing || !STEERING.includes(key)) return;
  event.preventDefault();
  inPalette(({ steer }) => steer(key));
});

document.addEventListener("click", ({ target }) => target.closest("[data-palette]") && togglePalette());
document.addEventListener("keydown", (event) => {
  if (typed(event) !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  event.preventDefault();
  togglePalette();
});
