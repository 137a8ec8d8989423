// The reader's zone: kept where the server sees it, so that both mean the same evening, and the same nine o'clock.

import { $ } from "./dom.js";

const YEAR = 31_536_000; // s
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const kept = `zone=${zone}`;

if (!document.cookie.split("; ").includes(kept)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${kept}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

// This page was made for another zone, and another one may have told the server meanwhile: what it offers to snooze
// until is not what its words say here.
const made = $("#snooze")?.dataset.zone;
if (made && made !== zone) htmx.ajax("GET", location.href, { target: "#snooze", select: "#snooze", swap: "outerHTML" });
