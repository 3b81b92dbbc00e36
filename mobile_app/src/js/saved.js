// The Saved page: shows what this phone keeps, and brings it up to date when there is signal.
import { saved, showSaved } from "./save.js";
import { keep, kept } from "./store.js";

const part = (name) => document.querySelector(`[data-saved-${name}]`);
const HOUR = 3_600_000;

const london = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", ...options });
const date = london({ year: "numeric", month: "2-digit", day: "2-digit" });
const words = london({ weekday: "short", day: "numeric", month: "short" });
const clock = london({ hour: "numeric", minute: "2-digit", hour12: true });

/** The day of a moment as people say it: "Today", "Fri 21 Aug". What was kept may be read days later. */
function dayOf(moment) {
  return date.format(moment) === date.format(new Date()) ? "Today" : words.format(moment).replace(",", "");
}

const timeOf = (moment) => clock.format(moment).replace(/\s/g, "").toLowerCase();

function draw({ html }) {
  const card = Object.assign(document.createElement("template"), { innerHTML: html }).content.firstElementChild;
  const time = card.querySelector("time");
  // One whose dates nobody told us has no time on its card: it stands after those that do, and says "Ring to check".
  if (!time) return { card, starts: Infinity, over: false };
  const starts = new Date(time.dateTime);
  const over = starts.getTime() + 12 * HOUR < Date.now();
  time.textContent = `${over ? "Was " : ""}${dayOf(starts)}, ${time.textContent.split(", ").at(-1)}`;
  return { card, starts, over };
}

function show() {
  const drawn = saved().map(draw);
  drawn.sort((one, other) => one.over - other.over || (one.starts < other.starts ? -1 : one.starts > other.starts));
  part("list").replaceChildren(...drawn.map((one) => one.card));
  part("empty").hidden = drawn.length > 0;
  showSaved(part("list"));
}

function sayOffline() {
  const at = new Date(Math.min(...saved().map((one) => one.at)));
  part("note").hidden = false;
  part("at").textContent =
    saved().length === 0 ? "" : `Updated ${dayOf(at) === "Today" ? "" : `${dayOf(at)}, `}${timeOf(at)}.`;
}

async function refresh() {
  if (saved().length === 0) return;
  const asked = new URLSearchParams(kept("ends", {}).where);
  for (const { id } of saved()) asked.append("id", id);
  const answer = await fetch(`/saved/cards?${asked}`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const fresh = Object.assign(document.createElement("template"), { innerHTML: await answer.text() }).content;
  const now = Date.now();
  const updated = saved().map((one) => {
    const card = fresh.querySelector(`[data-act="${CSS.escape(one.id)}"]`);
    return { ...one, at: now, html: card?.outerHTML ?? one.html };
  });
  keep("saved", updated);
  show();
}

export function startSaved() {
  if (!part("list")) return;
  show();
  if (navigator.onLine === false) sayOffline();
  refresh().catch(sayOffline);
  addEventListener("offline", sayOffline);
  addEventListener("online", () => {
    part("note").hidden = true;
    refresh().catch(sayOffline);
  });
}
