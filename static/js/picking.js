// Picking several requests or runs: with x, by a click, or with shift from the last one that was picked to this one. What is
// picked in a list, and the note for it, stay in this tab until they were decided, wherever one goes meanwhile.

import { $, LINE } from "./dom.js";

let last;

const picks = () => [...document.querySelectorAll(".pick")];

/** Pick what the row is about, or drop it; says whether there was something to pick. */
export function togglePick(line) {
  const pick = line?.querySelector(".pick");
  pick?.click();
  return Boolean(pick);
}

function pickBetween(one, other, checked) {
  const all = picks();
  const [from, to] = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
  if (from >= 0) all.slice(from, to + 1).forEach((pick) => (pick.checked = checked));
}

document.addEventListener("click", (event) => {
  const pick = event.target.closest(".pick");
  if (!pick) return pickRow(event);
  if (event.shiftKey && last) pickBetween(last, pick, pick.checked);
  last = pick;
  keep();
});

/** Shift and a click on a row picks it, where the browser would open a window. */
function pickRow(event) {
  const line = event.shiftKey && event.target.closest("[data-row]")?.closest(LINE);
  const pick = line && line.querySelector(".pick");
  if (!pick) return;
  event.preventDefault();
  pick.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true }));
}

function count() {
  const picked = $("#picked");
  if (picked) picked.textContent = picks().filter((pick) => pick.checked).length;
}

// --- What is kept ----------------------------------------------------------------------------------------------------

const PREFIX = "draft-picks-"; // forgotten with the drafts, when somebody signs out
const note = () => $("#bulk-note");
const key = () => PREFIX + $("#bulk").dataset.picks;

function keep() {
  count();
  const kept = { values: picks().filter((pick) => pick.checked).map((pick) => pick.value), note: note()?.value };
  if (kept.note || kept.values.length) sessionStorage.setItem(key(), JSON.stringify(kept));
  else sessionStorage.removeItem(key());
}

function bringBack() {
  const kept = $("#bulk") && JSON.parse(sessionStorage.getItem(key()));
  for (const pick of kept ? picks() : []) bringBackPick(pick, kept.values);
  if (kept && note()) note().value ||= kept.note;
  count();
}

/** Pick it again as it was seen then, so that what came since is told before it counts; not when another is proposed. */
function bringBackPick(pick, values) {
  const seen = values.find((value) => proposal(value) === proposal(pick.value));
  if (!seen) return;
  pick.checked = true;
  pick.value = seen;
}

const proposal = (value) => value.split("@")[0];

const decided = $("[data-decided]");
if (decided) sessionStorage.removeItem(PREFIX + decided.dataset.decided);
bringBack();
document.addEventListener("htmx:afterSettle", count);
document.addEventListener("input", ({ target }) => target === note() && keep());
document.addEventListener("reset", ({ target }) => target.id === "bulk" && setTimeout(keep)); // after it has been emptied
addEventListener("pageshow", ({ persisted }) => persisted && bringBack());
