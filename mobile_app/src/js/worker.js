// The service worker: what the app keeps to work with no signal. The server puts `KEPT` in front: the build's version
// and the files and pages that every phone keeps. Pages come fresh where there is signal, within a time limit.

const SHELL = `shell-${KEPT.version}`;
const PAGES = "pages";
const PATIENCE = 4000; // Milliseconds before a slow network gives way to what we kept.
const MOST_PAGES = 40;

self.addEventListener("install", (event) => {
  // The browser already holds the built files; only pages are asked for again.
  const wanted = KEPT.files.map((file) => new Request(file, { cache: file.startsWith("/static/") ? "default" : "reload" }));
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(wanted)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forgetOldShells(), self.clients.claim().then(keepWhatIsOpen)]));
});

async function forgetOldShells() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The page of the very first visit came before us: keep it too, so that it opens again with no signal. */
async function keepWhatIsOpen() {
  const open = (await self.clients.matchAll({ type: "window" })).map((client) => new URL(client.url)).filter(mayKeep);
  await Promise.allSettled(open.map((url) => fetch(url).then((answer) => remember(new Request(url), answer))));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromShell(request));
  else if (ofSupport(url)) event.respondWith(support(request));
  else if (mayKeep(url) && (request.mode === "navigate" || request.headers.has("HX-Request"))) event.respondWith(page(event));
});

const ofSupport = (url) => url.pathname === "/support" || url.pathname.startsWith("/support/");

/** Whether a page may be written down: not Support's, and no form, whose choices are nobody's business later. */
const mayKeep = (url) => !ofSupport(url) && url.pathname !== "/filters";

/** A built file: its name changes when it does, so what we kept is right. */
async function fromShell(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** Support: never written down on the phone; with no signal, the helplines that every phone keeps. */
async function support(request) {
  try {
    return await inTime(fetch(request));
  } catch (error) {
    const helplines = await caches.match("/support", { ignoreVary: true });
    if (helplines && request.mode === "navigate") return helplines;
    throw error;
  }
}

/** A page, or the part of one that a script asked for: fresh, else as we last saw it, else the offline page. */
async function page(event) {
  const { request } = event;
  const fresh = fetch(request);
  event.waitUntil(fresh.then((answer) => remember(request, answer.clone())).catch(() => {}));
  try {
    return await inTime(fresh);
  } catch {
    // Vary tells a whole page from a part of one, so each is found again only for its own kind of asking.
    return (await caches.match(request)) ?? slow(request, fresh);
  }
}

/** A page that we have not kept: wait for it as long as it takes; when it cannot come, say what still works. */
async function slow(request, fresh) {
  try {
    return await fresh;
  } catch (error) {
    const kept = request.mode === "navigate" && (await caches.match(pathOf(request), { ignoreVary: true }));
    if (kept) return kept;
    throw error;
  }
}

const pathOf = (request) => (new URL(request.url).pathname === "/saved" ? "/saved" : "/offline");

function inTime(answer) {
  return Promise.race([answer, new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), PATIENCE))]);
}

/** Keeps a page that may be kept, and lets the oldest go. */
async function remember(request, answer) {
  if (answer.status !== 200 || answer.redirected || /no-store/.test(answer.headers.get("Cache-Control") ?? "")) return;
  const pages = await caches.open(PAGES);
  await pages.put(request, answer);
  const all = await pages.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST_PAGES)).map((old) => pages.delete(old)));
}
