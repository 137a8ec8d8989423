// The engine rings no bell: what runs do is asked for every few seconds, and only while somebody looks.

const EVERY = 3000; // ms

const tick = () => document.hidden || document.body.dispatchEvent(new Event("tick"));

setInterval(tick, EVERY);
document.addEventListener("visibilitychange", tick);
