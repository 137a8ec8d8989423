// Drafts: what somebody types stays in this tab until it was sent, through signing in again and another's decision.

import { $ } from "./dom.js";

const PREFIX = "draft-";
const SIGNED_OUT = "signed-out";

/** Whether somebody had to sign in on the way to this page. */
export const wasSignedOut = Boolean(document.body.dataset.live && sessionStorage.getItem(SIGNED_OUT));

const key = () => PREFIX + $("#decision")?.dataset.drafts;
/** What was typed on this page and not sent: `{ text, sent }` by the field's id. */
export const read = () => JSON.parse(sessionStorage.getItem(key()) ?? "{}");

export function write(drafts) {
  if (Object.keys(drafts).length) sessionStorage.setItem(key(), JSON.stringify(drafts));
  else sessionStorage.removeItem(key());
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-draft]")) return;
  const drafts = read();
  if (target.value) drafts[target.id] = { text: target.value };
  else delete drafts[target.id];
  write(drafts);
});

document.addEventListener("submit", ({ target, submitter }) => {
  if (target.matches("[action$='/sign-out/']")) return forgetAll();
  if (!submitter?.dataset.sends) return;
  const drafts = read();
  for (const id of submitter.dataset.sends.split(" ")) if (drafts[id]) drafts[id].sent = true;
  write(drafts);
});

function forgetAll() {
  Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => sessionStorage.removeItem(name));
}

/** A page that shows the words still, asks for the decision still, or says what is wrong, has refused them. */
function isRefused(id, { fields }) {
  return fields ? $(`[data-sends~=${id}], #problem`) : document.getElementById(id)?.value;
}

// What was sent has arrived, unless the way back leads over the sign-in page or the browser's own back.
function forgetSent() {
  const [navigation] = performance.getEntriesByType("navigation");
  const lost = wasSignedOut || navigation?.type === "back_forward";
  sessionStorage.removeItem(SIGNED_OUT);
  const drafts = read();
  for (const id of Object.keys(drafts)) {
    if (drafts[id].sent && !lost && !isRefused(id, drafts[id])) delete drafts[id];
    else delete drafts[id].sent;
  }
  write(drafts);
}

function restore() {
  const left = [];
  for (const [id, { text, sent }] of Object.entries(read())) {
    const field = document.getElementById(id);
    if (field && !field.value) {
      field.value = text;
      if (field.closest("details")) field.closest("details").open = true;
    } else if (!field && !sent && text) left.push(text);
  }
  const kept = $("#id_kept");
  if (!kept || !left.length || kept.value) return;
  kept.value = left.join("\n\n");
  $("#kept").hidden = false;
}

if (!document.body.dataset.live) sessionStorage.setItem(SIGNED_OUT, "1");
else if ($("#decision")) {
  forgetSent();
  restore();
  document.addEventListener("htmx:afterSettle", restore);
  document.addEventListener("htmx:oobAfterSwap", restore);
}
