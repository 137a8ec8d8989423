// The palette: Ctrl or Cmd and K, then the beginning of what one wants: what this page can do, or a request.

import { $ } from "./dom.js";
import { run } from "./keys.js";

const palette = $("#palette");
const input = $("input", palette);
const options = $("#palette-list");
const PAUSE = 150; // ms without a key before the server is asked

let words = "";
let waiting;
let asked = 0;

/** List what fits the words: what this page can do at once, and requests when the words stay so. */
export function list(typed) {
  words = typed.trim();
  show();
  clearTimeout(waiting);
  waiting = setTimeout(search, PAUSE);
}

// --- What this page can do: its links and buttons that have a key, or that say so -------------------------------------

function commands() {
  // A narrow page may have no room for some: they do the same from here.
  return [...document.querySelectorAll("[data-key], [data-go], [data-command]")].filter((one) => !one.disabled && !one.closest("[hidden]"));
}

function nameOf(control) {
  if (control.dataset.name) return control.dataset.name;
  const copy = control.cloneNode(true);
  copy.querySelectorAll("kbd, .count, .visually-hidden").forEach((part) => part.remove());
  return copy.textContent.trim() || control.getAttribute("aria-label") || "";
}

function keyOf({ dataset: { key, go } }) {
  if (key) return key.toUpperCase();
  return go ? `G ${go.toUpperCase()}` : "";
}

function show() {
  asked += 1; // an answer that is still under way belongs to other words
  const fitting = commands().filter((control) => nameOf(control).toLowerCase().includes(words.toLowerCase()));
  options.replaceChildren(...fitting.map(asOption));
  number();
}

function asOption(control) {
  const option = document.createElement("div");
  const key = keyOf(control);
  option.append(nameOf(control), " ");
  if (key) option.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  option.setAttribute("role", "option");
  option.addEventListener("click", () => {
    palette.close();
    run(control);
  });
  return option;
}

// --- Requests: asked of the server, which writes them as links -------------------------------------------------------

async function search() {
  if (!words) return;
  const mine = ++asked;
  const answer = await fetch(`${palette.dataset.search}?${new URLSearchParams({ q: words })}`).catch(() => undefined);
  if (!answer?.ok || mine !== asked) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) return;
  options.append(...found.querySelectorAll("[role=option]"));
  number();
}

// --- Up, down, Enter: the words stay where the focus is --------------------------------------------------------------

const listed = () => [...options.querySelectorAll("[role=option]")];

// What was chosen stays so when requests come behind it. Of all commands none is, before a word or an arrow says which.
function number() {
  const all = listed();
  const here = all.indexOf($("[aria-selected=true]", options));
  all.forEach((option, place) => (option.id = `palette-${place}`));
  choose(here < 0 && words ? 0 : here);
}

function choose(place) {
  const all = listed();
  all.forEach((option, here) => option.setAttribute("aria-selected", here === place));
  all[place]?.scrollIntoView({ block: "nearest" });
  if (all[place]) input.setAttribute("aria-activedescendant", all[place].id);
  else input.removeAttribute("aria-activedescendant");
}

/** Choose the option above or below, round and round, or do what the chosen one is there for. */
export function steer(key) {
  const all = listed();
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const by = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (by) choose(here < 0 && by < 0 ? all.length - 1 : (here + by + all.length) % all.length);
  else all[here]?.click();
}
