// Edits: what somebody has changed of the arguments stays in this tab as their notes do, and comes back into the form.

import { $ } from "./dom.js";
import { read, wasSignedOut, write } from "./drafts.js";

const ID = "edits";

let form = null; // the mark of the form that is shown: another one each time the server sends it
let untouched; // what its fields held when the server sent it
let wasLookedAt = false;
let isComing = false; // the draft is on its way into the form: what the fields hold meanwhile is none
let isStuck = false; // and did not get there
let isBack = false;
let isOfOthers = false; // what came back was typed for other arguments

const draft = () => read()[ID];
const editsIn = (one) => [...new FormData(one)].filter(([name]) => name.startsWith("edit-"));
const fields = () => editsIn($("#decide"));
const seen = () => $("#decide [name=seen]").value;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What the fields held before anybody typed, which some do before this script has come. */
function asSent() {
  const copy = document.createElement("form");
  const edits = [...$("#decide").elements].filter(({ name }) => name.startsWith("edit-"));
  copy.append(...edits.map((field) => field.cloneNode(true)));
  copy.reset();
  return editsIn(copy);
}

/** What was changed in lines, to be read where there is no form any more. */
function asText(now, before = []) {
  const changed = now.filter((pair) => !pair[0].includes("~") && !before.some((former) => same(former, pair)));
  return changed.map(([name, value]) => `${name.replace("edit-", "")}: ${value}`).join("\n");
}

function put(fresh) {
  const { [ID]: former, ...others } = read();
  write(fresh ? { ...others, [ID]: fresh } : others);
}

function keep() {
  if (isComing) return;
  const now = fields(), before = draft()?.before ?? untouched;
  put(same(now, before) ? undefined : { text: asText(now, before), fields: now, before, seen: seen() });
}

/** Have the server make the form of the draft: it may hold other rows than the one that is shown. */
async function bringBack({ fields: kept, seen: of }) {
  const values = new FormData($("#decide"));
  fields().forEach(([name]) => values.delete(name));
  kept.forEach(([name, value]) => values.append(name, value));
  values.set("step", "review");
  const path = $("[name=editing]").dataset.steps;
  isComing = true;
  isOfOthers = of !== seen();
  await htmx.ajax("POST", path, { target: "#what", swap: "outerHTML", values }).catch(() => {}); // said by unfetched.js
  isStuck = isComing && $("[name=editing]") === form;
  tell();
}

/** Look whether there is another form now, or none. */
function look() {
  const now = $("[name=editing]");
  if (now !== form) {
    const former = form;
    form = now;
    if (now?.hasAttribute("data-typed")) filled();
    else if (now) fresh();
    else if (former) leave();
  }
  tell();
}

/** The form holds what somebody has typed: it came back, or the server has it from the form before. */
function filled() {
  if (isStuck) return;
  if (isSentAgain()) return bringBack(draft());
  isBack ||= isComing;
  isComing = false;
  keep();
}

/** Reloading what was refused sends the same once more: what was corrected since is in the draft alone. */
function isSentAgain() {
  const [navigation] = performance.getEntriesByType("navigation");
  const isFirst = !wasLookedAt;
  wasLookedAt = true;
  return isFirst && navigation?.type === "reload" && draft() && !same(draft().fields, fields());
}

function fresh() {
  isBack = isStuck = isComing = false;
  untouched = asSent();
  if (draft()) bringBack(draft());
  else keep();
}

function leave() {
  isBack = isStuck = isComing = false;
  if (draft()) put({ ...draft(), aside: true });
}

function tell() {
  const notice = $("#edits-kept");
  if (!notice) return;
  const shown = { back: draft() && isBack, other: isOfOthers, aside: draft() && (!form || isStuck) };
  for (const [when, is] of Object.entries(shown)) $(`[data-when=${when}]`, notice).hidden = !is;
}

document.addEventListener("input", ({ target }) => {
  if (form && target.name?.startsWith("edit-")) keep();
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-drops-edits]")) return;
  put();
  tell();
});

if (document.body.dataset.live && $("#decision")) {
  look();
  document.addEventListener("htmx:afterSettle", look);
  document.addEventListener("htmx:oobAfterSwap", tell);
  // Who had to sign in again was in the middle of it.
  if (wasSignedOut && !form && draft() && !draft().aside) $("[data-key=e]")?.click();
}
