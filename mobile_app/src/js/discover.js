// Filtering without a full reload: htmx swaps the part that changes; this says what changed and opens the sheet.
import htmx from "htmx.org";

const sheet = () => document.getElementById("sheet");

/** Says how many things there are now, once the list has changed. */
function say() {
  const words = document.querySelector("[data-said]")?.textContent ?? "";
  const status = document.getElementById("said");
  if (status) status.textContent = words;
}

document.addEventListener("htmx:after:swap", ({ detail }) => {
  const target = detail?.ctx?.target;
  if (target?.id === "sheet" && !target.open) target.showModal();
  else if (target?.id === "results") say();
});

// With no signal, or when something broke: load the page whole, so that the right page says so.
function wholePage(event) {
  const { request, target } = event.detail?.ctx ?? {};
  if (request?.method !== "GET" || !["results", "more"].includes(target?.id)) return;
  event.preventDefault();
  location.href = request.action;
}
document.addEventListener("htmx:error", wholePage);
document.addEventListener("htmx:before:response", (event) => event.detail.ctx.response.status >= 400 && wholePage(event));

// The link "Show more" gives way to cards: go on reading at the first of them.
document.addEventListener("htmx:before:swap", ({ detail }) => {
  const more = detail?.ctx?.target;
  if (more?.id !== "more") return;
  const last = more.previousElementSibling;
  setTimeout(() => last?.nextElementSibling?.querySelector("a")?.focus({ preventScroll: true }), 50);
});

document.addEventListener("click", (event) => {
  if (!sheet()?.open) return;
  if (event.target === sheet() || event.target.closest("[data-close]")) {
    event.preventDefault();
    sheet().close();
  }
});

document.addEventListener("submit", (event) => {
  if (!sheet()?.contains(event.target)) return;
  event.preventDefault();
  const chosen = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
  htmx.ajax("GET", `/?${chosen}`, { target: "#results", swap: "outerHTML", push: "true" });
  sheet().close();
});
