// Deciding: a reason where one is needed, one press only, and the way to a field that is folded away.

import { $ } from "./dom.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-needs]");
  const field = button && $(`#${button.dataset.needs}`);
  if (!field || field.value.trim() || button.form.elements[button.dataset.or]?.value) return;
  event.preventDefault();
  $(`#${field.id}-missing`).hidden = false;
  field.focus();
});

// What confirms a high risk is the last thing before approving.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[data-confirmation]")) return;
  event.preventDefault();
  $(`[data-needs="${event.target.id}"]`).click();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens]");
  const field = link?.hash && $(link.hash);
  if (!field) return;
  event.preventDefault();
  field.closest("details").open = true;
  field.focus();
});

// What was unfolded goes on by key. One that comes unfolded with a new panel was unfolded before.
document.addEventListener("click", ({ target }) => {
  const menu = target.closest(".snooze > summary")?.parentElement;
  if (menu && !menu.open) menu.addEventListener("toggle", () => $("button", menu)?.focus(), { once: true });
});

// Some of a form's buttons stand elsewhere on the page.
const buttons = (form) => [...form.elements].filter((element) => element.matches("button.button"));

document.addEventListener("submit", ({ target }) => {
  if (target.method === "dialog") return; // it only closes, and is opened again
  // After the form was sent, or the pressed button would not be part of it.
  setTimeout(() => buttons(target).forEach((button) => (button.disabled = true)));
});

addEventListener("pageshow", () => {
  document.querySelectorAll("form").forEach((form) => buttons(form).forEach((button) => (button.disabled = false)));
});
