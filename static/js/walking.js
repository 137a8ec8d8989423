// Walking the list with j and k. On a request's page they open the next one beside the list, where the focus stays;
// where that page has no room for the list, they lead to the next page. On the list's own page Enter opens it.

import { $, LINE } from "./dom.js";

const QUICK = 200; // ms: of those that are passed quicker only the last is asked for

let pressed = 0; // when
let waiting;
let asked;

const page = () => $("main.request");
const focused = () => document.activeElement.closest(LINE)?.querySelector("[data-row]");
const isShown = (row) => row.getAttribute("aria-current") === "page";

/** Go on in the list, or back; says whether there was somewhere to go. */
export function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")], link = $("#next a");
  let here = rows.indexOf(focused() ?? rows.find(isShown));
  if (here < 0) here = link ? placeBefore(link, rows) : by > 0 ? -1 : rows.length;
  return goTo(rows[by > 0 ? Math.floor(here + 1) : Math.ceil(here - 1)] ?? (by > 0 && link));
}

// What has left the list stood between two of its rows, before the one that follows it or at the end.
function placeBefore({ href }, rows) {
  const next = rows.findIndex((row) => row.href === href);
  return (next < 0 ? rows.length : next) - 0.5;
}

function goTo(next) {
  if (!next) return false;
  if (!next.hasAttribute("data-row") || !next.checkVisibility()) next.click();
  else {
    next.focus();
    if (page()) open(next);
  }
  return true;
}

/** Whether keys have to wait: what has the focus in the list is opened first, so that they are about that. */
export function isElsewhere() {
  const row = focused();
  if (row && !isShown(row) && !page().inert) open(row);
  return page().inert;
}

// --- Beside the list -------------------------------------------------------------------------------------------------

function open({ href }) {
  const pause = performance.now() - pressed < QUICK ? QUICK : 0;
  pressed = performance.now();
  page().inert = true; // what is there still must not be decided in the place of what comes
  asked?.abort();
  asked = new AbortController();
  clearTimeout(waiting);
  waiting = setTimeout(ask, pause, href, asked.signal);
}

async function ask(href, signal) {
  const answer = await fetch(href, { signal }).catch(() => undefined);
  const text = answer?.ok && !answer.redirected && (await answer.text().catch(() => undefined));
  if (signal.aborted) return;
  if (text) show(text, href);
  else location.assign(href); // the page itself says why it did not come
}

function show(text, href) {
  // As htmx does it, which goes back in the history by asking again.
  history.replaceState({ htmx: true }, "");
  history.pushState({ htmx: true }, "", href);
  const former = document.createElement("div");
  former.append(...page().children); // what was typed for one request is no other's
  [former, $("#queue")].forEach(ignoreLate);
  htmx.swap(page(), text, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 }, { select: "#main", selectOOB: "#queue, #waiting" });
  scrollTo(0, 0);
}

// Nor is what was asked for one an answer for another.
function ignoreLate(part) {
  part.addEventListener("htmx:beforeOnLoad", (event) => part.isConnected || event.preventDefault());
}
