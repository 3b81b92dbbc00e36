// Saving: a card is kept on this phone as it looked, with when it was last brought up to date.
import { keep, kept } from "./store.js";

/** What is kept: [{id, html, at}], newest first; `at` is in milliseconds since 1970. */
export const saved = () => kept("saved", []);

/** Shows every save button below `root` as it stands on this phone. */
export function showSaved(root = document) {
  const ids = new Set(saved().map((one) => one.id));
  for (const button of root.querySelectorAll("[data-save]")) {
    button.setAttribute("aria-pressed", ids.has(button.dataset.save));
  }
}

/** The card to keep for a button: the one it stands in, or one that its page carries for this. */
function cardOf(button) {
  const near = button.closest("[data-act]") ?? document;
  const spare = (near.querySelector("template[data-card]") ?? document.querySelector("template[data-card]"))?.content;
  const card = (spare?.firstElementChild ?? near).cloneNode(true);
  card.querySelector("[data-soon]")?.remove();
  return card.outerHTML;
}

function toggle(button) {
  const id = button.dataset.save;
  const others = saved().filter((one) => one.id !== id);
  const add = button.getAttribute("aria-pressed") !== "true";
  if (keep("saved", add ? [{ id, html: cardOf(button), at: Date.now() }, ...others] : others)) {
    button.setAttribute("aria-pressed", add);
    button.classList.toggle("pop", add);
  }
}

export function startSaving() {
  showSaved();
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-save]");
    if (button) toggle(button);
  });
  document.addEventListener("htmx:after:swap", () => showSaved());
}
