// What could not be fetched: a line says so, until it could.

import { $ } from "./dom.js";

const missing = new Set();

const what = ({ requestConfig }) => new URL(requestConfig.path, location.href).pathname;

function tell() {
  const line = $("#unfetched");
  if (line && line.hidden === missing.size > 0) line.hidden = !missing.size;
}

/** Say that the answer to a request of htmx's is missing. */
export function unfetched(detail) {
  // Of what pages fetch by themselves while the connection is lost, the line that says so has said enough.
  const byReader = detail.requestConfig.triggeringEvent?.isTrusted;
  if (!byReader && $("#connection")?.dataset.state === "lost") return;
  missing.add(what(detail));
  tell();
}

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:swapError"]) {
  document.addEventListener(failure, ({ detail }) => unfetched(detail));
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && missing.delete(what(detail))) tell();
});
