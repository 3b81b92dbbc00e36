// The app around the pages: works with no signal, can be installed, and can be left in a hurry.

/** Leaves a page of Support at once: blank it, then replace it in the history. The link works without this, too. */
function leave(event) {
  const link = document.querySelector("[data-exit]");
  if (!link) return;
  event.preventDefault();
  document.documentElement.replaceChildren();
  location.replace(link.href);
}

function startExit() {
  const presses = [];
  document.addEventListener("click", (event) => event.target.closest("[data-exit]") && leave(event));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") presses.length = 0;
    else if (!event.repeat && presses.push(event.timeStamp) >= 3 && event.timeStamp - presses.at(-3) < 2000) leave(event);
  });
}

/** Offers to install only where a page has room for it, and never by itself. */
function startInstall() {
  let prompt;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    for (const button of document.querySelectorAll("[data-install]")) button.hidden = false;
  });
  document.addEventListener("click", ({ target }) => target.closest("[data-install]") && prompt?.prompt());
}

function startOffline() {
  // After the page, so that what it keeps does not compete with what is being looked at.
  addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));
  const stale = document.querySelector("[data-stale]");
  const show = () => stale && (stale.hidden = navigator.onLine !== false);
  show();
  addEventListener("offline", show);
  addEventListener("online", show);
  const retry = document.querySelector("[data-retry]");
  if (!retry) return;
  retry.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  addEventListener("online", () => location.reload());
}

export function startShell() {
  // What needs a fix is read out, and is where the keyboard goes on from.
  document.querySelector("main [role=alert][tabindex]")?.focus();
  startExit();
  startInstall();
  startOffline();
}
