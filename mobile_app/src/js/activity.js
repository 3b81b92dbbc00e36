// On an activity's and a group's page: share, go back to where one came from, and open the phone's own maps.

/** Shares with whatever the phone has for it; else copies the address; else lets the link lead to it. */
async function share(link, event) {
  const { shareTitle: title, shareUrl: url } = link.dataset;
  const said = document.querySelector("[data-share-said]");
  if (navigator.share) {
    event.preventDefault();
    // Somebody who closes the phone's list again has not met an error.
    await navigator.share({ title, url }).catch(() => {});
  } else if (navigator.clipboard) {
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(url);
      if (said) said.textContent = "Copied. Now paste it to a mate.";
      link.classList.add("copied");
      setTimeout(() => link.classList.remove("copied"), 2500);
    } catch {
      // Without a step of its own in the history: back still leads to the list.
      location.replace("#share");
    }
  }
}

/** The list one came from, as it was, instead of a fresh one. */
function back(event) {
  if (history.length > 1 && document.referrer.startsWith(`${location.origin}/`)) {
    event.preventDefault();
    history.back();
  }
}

/** Where the phone's own maps take over from a page of a map. */
function directions(link) {
  const { directions: point, directionsName: name } = link.dataset;
  if (/Android/.test(navigator.userAgent)) link.href = `geo:${point}?q=${point}(${encodeURIComponent(name)})`;
  else if (/iPhone|iPad/.test(navigator.userAgent)) link.href = `https://maps.apple.com/?daddr=${point}`;
}

for (const link of document.querySelectorAll("[data-directions]")) directions(link);
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-share], [data-back]");
  if (!link) return;
  if ("back" in link.dataset) back(event);
  else share(link, event);
});
