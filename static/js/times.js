// Times: by the reader's clock, in the words of approvals/presentation/times.py. Units, dates and lists are the
// browser's own (CLDR), the sentences around them come with the page: another language needs nothing here.

const { lang, dataset } = document.documentElement;
const words = JSON.parse(dataset.times);
const MINUTE = 60, HOUR = 3600, DAY = 86_400, NEAR = 4 * HOUR;

const say = (name, gaps) => Object.entries(gaps).reduce((text, [gap, value]) => text.replace(`{${gap}}`, value), words[name]);
const digits = (options) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...options });
const clock = digits({ second: "2-digit" }), hour = digits({});
const day = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric" });
const longDay = new Intl.DateTimeFormat(lang, { dateStyle: "long" });
const zone = digits({ timeZoneName: "short" });
const list = new Intl.ListFormat(lang, { type: "unit", style: "narrow" });
const units = Object.fromEntries(
  ["day", "hour", "minute", "second"].map((unit) => [unit, new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "short" })]),
);

function span(seconds, exact) {
  const days = Math.floor(seconds / DAY), hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const joined = (large, small, unit) => (exact && small ? list.format([large, units[unit].format(small)]) : large);
  if (days > 0) return joined(units.day.format(days), hours, "hour");
  if (hours > 0) return joined(units.hour.format(hours), minutes, "minute");
  return minutes > 0 ? units.minute.format(minutes) : say("under", { span: units.minute.format(1) });
}

const isToday = (at) => at.toDateString() === new Date().toDateString();
const dated = (at) => say("dated", { date: day.format(at), time: hour.format(at) });

function inWords(at, form) {
  const seconds = (at - Date.now()) / 1000;
  switch (form) {
    case "age": return span(-seconds);
    case "ago": return -seconds < MINUTE ? words.now : say("ago", { span: span(-seconds, true) });
    case "left": return seconds > 0 ? say("left", { span: span(seconds) }) : words.overdue;
    case "remaining": return seconds > 0 ? span(seconds, true) : words.over;
    case "until": return seconds > 0 ? say("in", { span: span(seconds, true) }) : words.soon;
    case "clock": return clock.format(at);
    case "since": return isToday(at) ? hour.format(at) : dated(at);
    default: return isToday(at) ? clock.format(at) : dated(at);
  }
}

function whole(at) {
  const { value } = zone.formatToParts(at).find(({ type }) => type === "timeZoneName");
  return say("dated", { date: longDay.format(at), time: `${clock.format(at)} ${value}` });
}

function freshen(root) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const at = new Date(element.dateTime), form = element.dataset.time, fresh = inWords(at, form);
    if (element.textContent !== fresh) element.textContent = fresh;
    element.title = whole(at);
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
    const fresh = left > 0 ? say("in", { span: units.second.format(left) }) : words.moment;
    if (element.textContent !== fresh) element.textContent = fresh;
  }
}

countDown();
setInterval(countDown, 250);
