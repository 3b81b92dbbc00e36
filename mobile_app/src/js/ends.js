// Your ends: which part of London this phone's pages are about. Kept on the phone, put in addresses by this script.
import { cellOf } from "./cell.js";
import { keep, kept } from "./store.js";

const CHOOSING = "choosing-ends";
const here = new URL(location.href);
const names = (url) => url.searchParams.has("place") || url.searchParams.has("cell");

/** Remembers the ends that the server understood, when they were chosen by typing or by location. */
function learn() {
  const { ends, endsName } = document.body.dataset;
  if (ends && sessionStorage.getItem(CHOOSING)) keep("ends", { where: ends, name: endsName });
  sessionStorage.removeItem(CHOOSING);
}

/** Points links to what's on at the kept ends. */
function point(ends) {
  for (const link of document.querySelectorAll('a[href="/"], a[href^="/?"]')) {
    const url = new URL(link.href);
    if (!names(url) && !("ends" in link.dataset)) link.search = url.search ? `?${ends.where}&${url.search.slice(1)}` : `?${ends.where}`;
  }
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
    here.search = here.search ? `?${ends.where}&${here.search.slice(1)}` : `?${ends.where}`;
    location.replace(here);
    return;
  }
  if (ends?.where) point(ends);
  document.addEventListener("click", ({ target }) => {
    const choice = target.closest("[data-ends-name]:not(body)");
    if (choice) keep("ends", choice.dataset.ends ? { where: choice.dataset.ends, name: choice.dataset.endsName } : null);
    if (target.closest("[data-locate]")) locate(target.closest("[data-locate]"));
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-choose]")) sessionStorage.setItem(CHOOSING, "1");
  });
  if ("geolocation" in navigator) {
    for (const hidden of document.querySelectorAll("[data-locate], [data-locate-note]")) hidden.hidden = false;
  }
}
