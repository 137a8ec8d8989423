// Live: the socket says what changed, htmx then asks for the fragments.

import { $ } from "./dom.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const SIGNED_OUT = 4401;
const TOGETHER = 100; // ms: changes that come close together are asked for once
// What hundreds of pages ask for after one change. They take turns: the busier the server, the longer; unseen ones last.
const CROWDED = ["queue-changed", "refresh"];
const LONGEST_SPREAD = 5000;
const SPREAD_UNSEEN = 10_000;

const due = new Set();
let socket;
let tries = 0;
let retry;
let took = 0; // ms: how long the list took last
let isFresh = true; // this page has just been made: the server tells whether something happened since

function announce(...events) {
  for (const event of events) {
    if (due.has(event)) continue;
    due.add(event);
    setTimeout(dispatch, TOGETHER + (CROWDED.includes(event) ? Math.random() * spread() : 0), event);
  }
}

function spread() {
  return document.hidden ? SPREAD_UNSEEN : Math.min(LONGEST_SPREAD, 5 * took);
}

function dispatch(event) {
  if (!due.has(event)) return;
  // A refresh asks for everything, so the rest would only ask twice.
  if (event === "refresh") due.clear();
  due.delete(event);
  document.body.dispatchEvent(new Event(event));
}

document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  if (target.id === "queue") detail.requestConfig.askedAt = performance.now();
});
document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig } }) => {
  if (requestConfig?.askedAt) took = performance.now() - requestConfig.askedAt;
});

function show(state) {
  const connection = $("#connection");
  if (connection && connection.dataset.state !== state) connection.dataset.state = state;
}

// The request that this page shows: others are told that somebody looks at it.
const shown = () => $("#presence")?.dataset.request ?? "";

function connect() {
  clearTimeout(retry);
  const address = new URL(document.body.dataset.live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  if (shown()) address.searchParams.set("request", shown());
  const since = isFresh && document.body.dataset.made;
  if (since) address.searchParams.set("since", since);
  isFresh = false;
  const opened = (socket = new WebSocket(address));
  opened.shown = shown();
  opened.addEventListener("open", () => {
    tries = 0;
    show("live");
    announce(since ? "engine" : "refresh"); // what happened while nobody told this page
  });
  opened.addEventListener("message", ({ data }) => {
    const { changed, looking, refresh, engine } = JSON.parse(data);
    if (refresh) announce("refresh");
    if (engine) announce("engine");
    if (looking) announce(`looking-${looking}`);
    if (changed) announce(`request-${changed}`, "queue-changed");
  });
  opened.addEventListener("close", ({ code }) => {
    if (opened !== socket) return; // another one took its place
    if (code === SIGNED_OUT || tries === Infinity) return signedOut();
    show("lost");
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries++);
    retry = setTimeout(connect, pause * (0.5 + Math.random() / 2));
  });
}

export function signedOut() {
  tries = Infinity;
  clearTimeout(retry);
  show("signed-out");
}

function reconnectNow() {
  if (socket?.readyState === WebSocket.CLOSED && tries !== Infinity && !document.hidden) connect();
}

// Another request was put in the place of the one that was shown.
function follow() {
  if (socket?.readyState !== WebSocket.OPEN || socket.shown === shown()) return;
  const former = socket;
  connect();
  former.close();
}

if (document.body.dataset.live) {
  connect();
  addEventListener("online", reconnectNow);
  document.addEventListener("visibilitychange", () => {
    reconnectNow();
    // What an unseen page put off is wanted now.
    if (!document.hidden) [...due].forEach(dispatch);
  });
  document.addEventListener("htmx:afterSettle", follow);
}
