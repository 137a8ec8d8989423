// Fragments: nothing unfolds, folds or moves that did not change.

import { $ } from "./dom.js";
import { signedOut } from "./live.js";
import { unfetched } from "./unfetched.js";

// Times are kept fresh by themselves, and the form's token is another one in each answer.
const passing = /<time.*?<\/time>|<input[^>]*csrfmiddlewaretoken[^>]*>|\s+|class="[^"]*"/gs;
const plain = (element) => element.outerHTML.replace(passing, "");

function keepOpen(shown, fresh) {
  const open = [...shown.querySelectorAll("details[id][open]")].filter(({ id }) => $(`#${CSS.escape(id)}:not([open])`, fresh));
  for (const { id } of open) $(`#${CSS.escape(id)}`, fresh).setAttribute("open", "");
  return open.length > 0;
}

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const fresh = detail.fragment.firstElementChild;
  if (!fresh) return;
  if (plain(fresh) === plain(detail.target)) detail.shouldSwap = false;
  keepOpen(detail.target, fresh);
});

// What ticks comes often, and mostly as it is: whoever selects a text there keeps it selected.
document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
  if (!target.hasAttribute("data-ticks")) return;
  const fresh = new DOMParser().parseFromString(detail.serverResponse, "text/html").body.firstElementChild;
  if (!fresh) return;
  const isKept = keepOpen(target, fresh);
  if (plain(fresh) === plain(target)) detail.shouldSwap = false;
  else if (isKept) detail.serverResponse = fresh.outerHTML;
});

// An answer from another address is no fragment: mostly the sign-in page, for who was signed out meanwhile.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { pathname } = new URL(detail.xhr.responseURL || location.href);
  if (pathname === new URL(detail.pathInfo.requestPath, location.href).pathname) return;
  detail.shouldSwap = false;
  if (pathname === $(".when-signed-out")?.pathname) signedOut();
  else unfetched(detail);
});

// Editing begins and ends in place: go to the field that was asked for, or back to the button.
document.addEventListener("htmx:afterSettle", ({ detail: { requestConfig } }) => {
  if (!requestConfig?.elt.hasAttribute("data-in-place")) return;
  const field = document.getElementById(requestConfig.elt.hash.slice(1));
  (field ?? $("#what :is(input, select, textarea):not([type=hidden])") ?? $("[data-key=e]"))?.focus();
});

// What a link shows in a dialog of the page, and without the script as a page of its own.
document.addEventListener("htmx:afterSwap", ({ detail: { requestConfig } }) => {
  const dialog = document.getElementById(requestConfig?.elt.dataset.dialog ?? "");
  if (dialog && !dialog.open) dialog.showModal();
});
