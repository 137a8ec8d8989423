// Live updates, keys, fresh times and one press a decision. Every page works without it, but for being live.

const $ = (selector, root = document) => root.querySelector(selector);

// --- Live: the socket says what changed, htmx then asks for the fragments -------------------------------------------

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const SIGNED_OUT = 4401;
const TOGETHER = 100; // ms: changes that come close together are asked for once

const due = new Set();
let socket;
let tries = 0;
let retry;

function announce(...events) {
  if (!due.size) setTimeout(dispatchDue, TOGETHER);
  events.forEach((event) => due.add(event));
}

function dispatchDue() {
  const events = [...due];
  due.clear();
  // A refresh asks for everything, so the rest would only ask twice.
  const needed = events.includes("refresh") ? ["refresh"] : events;
  needed.forEach((event) => document.body.dispatchEvent(new Event(event)));
}

function show(state) {
  const connection = $("#connection");
  if (connection && connection.dataset.state !== state) connection.dataset.state = state;
}

function connect() {
  clearTimeout(retry);
  const address = new URL(document.body.dataset.live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    tries = 0;
    show("live");
    announce("refresh"); // what happened between rendering and now
  });
  socket.addEventListener("message", ({ data }) => {
    const { changed, refresh, engine } = JSON.parse(data);
    if (refresh) announce("refresh");
    if (engine) announce("engine");
    if (changed) announce(`request-${changed}`, "queue-changed");
  });
  socket.addEventListener("close", ({ code }) => {
    if (code === SIGNED_OUT) return signedOut();
    show("lost");
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries++);
    retry = setTimeout(connect, pause * (0.5 + Math.random() / 2));
  });
}

function signedOut() {
  tries = Infinity;
  show("signed-out");
}

function reconnectNow() {
  if (socket?.readyState === WebSocket.CLOSED && tries !== Infinity && !document.hidden) connect();
}

if (document.body.dataset.live) {
  connect();
  addEventListener("online", reconnectNow);
  document.addEventListener("visibilitychange", reconnectNow);
}

// --- Fragments: nothing unfolds, folds or moves that did not change --------------------------------------------------

// Times are kept fresh by themselves, and the form's token is another one in each answer.
const passing = /<time.*?<\/time>|<input[^>]*csrfmiddlewaretoken[^>]*>|\s+|class="[^"]*"/gs;
const plain = (element) => element.outerHTML.replace(passing, "");

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const fresh = detail.fragment.firstElementChild;
  if (!fresh) return;
  if (plain(fresh) === plain(detail.target)) detail.shouldSwap = false;
  for (const open of detail.target.querySelectorAll("details[id][open]")) {
    $(`#${CSS.escape(open.id)}`, fresh)?.setAttribute("open", "");
  }
});

// Who was signed out meanwhile gets the sign-in page as an answer: that is no fragment.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { pathname } = new URL(detail.xhr.responseURL || location.href);
  if (pathname === new URL(detail.pathInfo.requestPath, location.href).pathname) return;
  detail.shouldSwap = false;
  signedOut();
});

// Editing begins and ends in place: go to the field that was asked for, or back to the button.
document.addEventListener("htmx:afterSettle", ({ detail: { requestConfig } }) => {
  if (!requestConfig?.elt.hasAttribute("data-in-place")) return;
  const field = document.getElementById(requestConfig.elt.hash.slice(1));
  (field ?? $("#what :is(input, select, textarea):not([type=hidden])") ?? $("[data-key=e]"))?.focus();
});

// --- Times: by the reader's clock, in the words of approvals/presentation/times.py -----------------------------------

const MINUTE = 60, HOUR = 3600, DAY = 86_400, NEAR = 4 * HOUR;
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const hour = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const whole = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "long" });

function span(seconds, exact) {
  const days = Math.floor(seconds / DAY), hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const joined = (large, small, unit) => (exact && small ? `${large} ${small} ${unit}` : large);
  if (days > 0) return joined(days === 1 ? "1 day" : `${days} days`, hours, "h");
  if (hours > 0) return joined(`${hours} h`, minutes, "min");
  return minutes > 0 ? `${minutes} min` : "under 1 min";
}

const isToday = (at) => at.toDateString() === new Date().toDateString();

function inWords(at, form) {
  const seconds = (at - Date.now()) / 1000;
  switch (form) {
    case "age": return span(-seconds);
    case "ago": return -seconds < MINUTE ? "just now" : `${span(-seconds, true)} ago`;
    case "left": return seconds > 0 ? `${span(seconds)} left` : "overdue";
    case "remaining": return seconds > 0 ? span(seconds, true) : "no time left";
    case "until": return seconds > 0 ? `in ${span(seconds, true)}` : "any moment now";
    case "clock": return clock.format(at);
    case "since": return (isToday(at) ? hour : date).format(at);
    default: return isToday(at) ? clock.format(at) : date.format(at);
  }
}

function freshen(root) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const at = new Date(element.dateTime), form = element.dataset.time, words = inWords(at, form);
    if (element.textContent !== words) element.textContent = words;
    element.title = whole.format(at);
    if (form === "left" || form === "remaining") element.classList.toggle("near", at - Date.now() < NEAR * 1000);
  }
}

freshen(document);
setInterval(freshen, 30_000, document);
document.addEventListener("htmx:afterSettle", () => freshen(document));

// How soon a decision goes out: by what was left when it came, since five seconds are less than clocks may differ.
// No live region holds it, so nothing is read out each second.
const ends = new WeakMap();

function countDown() {
  for (const element of document.querySelectorAll("time[data-left]")) {
    if (!ends.has(element)) ends.set(element, performance.now() + element.dataset.left * 1000);
    const left = Math.ceil((ends.get(element) - performance.now()) / 1000);
    const words = left > 0 ? `in ${left} s` : "in a moment";
    if (element.textContent !== words) element.textContent = words;
  }
}

countDown();
setInterval(countDown, 250);

// --- Keys: those that the controls show, silent in text fields -------------------------------------------------------

const TEXT = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])";

/** The letter that was pressed; by its place where the keyboard writes another script. */
function letter({ key, code }) {
  return /^[\x20-\x7e]$/.test(key) ? key.toLowerCase() : code.replace(/^Key/, "").toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.target.matches?.(TEXT)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const pressed = letter(event);
  if (pressed === "j" || pressed === "k") return move(pressed === "j" ? 1 : -1);
  const control = event.key.length === 1 && $(`[data-key="${CSS.escape(pressed)}"]`);
  if (!control || control.disabled) return;
  event.preventDefault();
  if (control.hasAttribute("data-key-only-focuses")) control.focus();
  else control.click();
});

function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.indexOf(document.activeElement);
  const from = here >= 0 ? here : rows.findIndex((row) => row.getAttribute("aria-current") === "page");
  const next = rows[from < 0 ? (by > 0 ? 0 : rows.length - 1) : from + by];
  if (!next) return;
  if (next.checkVisibility()) next.focus();
  else next.click(); // the list is a page of its own here
}

// --- Deciding: a reason where one is needed, and one press only ------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-needs]");
  const field = button && $(`#${button.dataset.needs}`);
  if (!field || field.value.trim()) return;
  event.preventDefault();
  $(`#${field.id}-missing`).hidden = false;
  field.focus();
});

const buttons = (form) => form.querySelectorAll("button.button");

document.addEventListener("submit", ({ target }) => {
  // After the form was sent, or the pressed button would not be part of it.
  setTimeout(() => buttons(target).forEach((button) => (button.disabled = true)));
});

addEventListener("pageshow", () => {
  document.querySelectorAll("form").forEach((form) => buttons(form).forEach((button) => (button.disabled = false)));
});
