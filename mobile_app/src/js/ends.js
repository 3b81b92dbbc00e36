// Your ends: which part of London this phone's pages are about. Kept on the phone, put in addresses by this script.
import { cellOf } from "./cell.js";
import { keep, kept } from "./store.js";

const CHOOSING = "choosing-ends";
const here = new URL(location.href);
const names = (url) => url.searchParams.has("place") || url.searchParams.has("cell");

/** What's on, asked the same way, at the kept ends. */
const at = (ends, url) => `/?${ends.where}${url.search && `&${url.search.slice(1)}`}`;

/** Remembers the ends that the server understood, when they were chosen by typing or by location. */
function learn() {
  const { ends, endsName, endsBorough } = document.body.dataset;
  if (ends && sessionStorage.getItem(CHOOSING)) keep("ends", { where: ends, name: endsName, borough: endsBorough });
  sessionStorage.removeItem(CHOOSING);
}

/** Points links to what's on at the kept ends. */
function point(ends) {
  for (const link of document.querySelectorAll('a[href="/"], a[href^="/?"]')) {
    // By attribute: the links of a drawn map are SVG, where `href` is no text.
    const url = new URL(link.getAttribute("href"), location.href);
    if (!names(url) && !("ends" in link.dataset)) link.setAttribute("href", at(ends, url));
  }
}

/** Shows this phone's own borough on the map of London, and those next to it. */
function mark(ends) {
  const mine = ends.borough ? `place=${ends.borough}` : ends.where;
  const own = document.querySelector(`[data-london] a[data-ends="${mine.replaceAll('"', "")}"]`);
  if (!own) return;
  const colour = (slug, kind) => {
    for (const part of document.querySelectorAll(`[data-london] :is([data-ends="place=${slug}"], [data-of="${slug}"])`)) part.classList.add(kind);
  };
  for (const slug of own.dataset.next.split(" ")) colour(slug, "next");
  colour(own.dataset.ends.replace("place=", ""), "mine");
  // Drawn last, so that its edge lies over its neighbours'.
  own.parentNode.insertBefore(own, own.parentNode.querySelector(".thames"));
}

function locate(button) {
  const said = document.querySelector("[data-locate-said]");
  said.textContent = "Looking…";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const cell = cellOf(coords.latitude, coords.longitude);
      if (cell === null) {
        said.textContent = "That’s outside London. Type a place instead.";
      } else {
        sessionStorage.setItem(CHOOSING, "1");
        location.href = `/?cell=${cell}`;
      }
    },
    () => (said.textContent = "Your phone didn’t say where it is. Type a place instead."),
    { enableHighAccuracy: false, timeout: 10_000, maximumAge: 600_000 },
  );
  button.blur();
}

export function startEnds() {
  try {
    learn();
  } catch {
    // A browser without session storage asks for the ends again next time.
  }
  const ends = kept("ends", null);
  if (ends?.where && here.pathname === "/" && !names(here)) {
    location.replace(at(ends, here));
    return;
  }
  if (ends?.where) {
    point(ends);
    mark(ends);
  }
  document.addEventListener("click", ({ target }) => {
    const choice = target.closest("[data-ends-name]:not(body)");
    if (choice) keep("ends", choice.dataset.ends ? { where: choice.dataset.ends, name: choice.dataset.endsName } : null);
    if (target.closest("[data-locate]")) locate(target.closest("[data-locate]"));
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-choose]")) sessionStorage.setItem(CHOOSING, "1");
  });
  if (!("geolocation" in navigator)) {
    for (const offer of document.querySelectorAll("[data-locate], [data-locate-note]")) offer.hidden = true;
  }
}
