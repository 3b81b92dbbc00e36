"""Ways to reach a group: numbers that a phone can dial, addresses that are safe to follow. Pure functions."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# The shortest number anybody may dial (111), and the longest that E.164 allows.
DIGITS = range(3, 16)
EXTENSION = re.compile(r"\b(?:ext|extension|x|option)\b", re.IGNORECASE)
NUMBER = re.compile(r"\+?[\d(][\d\s().-]*")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def dial(telephone: str | None) -> str:
    """The address that rings a number ("tel:02079460123"); empty when there is no whole number in the text."""
    main = EXTENSION.split(telephone or "", maxsplit=1)[0]
    found = NUMBER.search(main)
    if found is None:
        return ""
    # "+44 (0)20 …" is dialled without that nought.
    text = re.sub(r"^(\+44)\s*\(0\)", r"\1", found[0].strip())
    digits = re.sub(r"\D", "", text)
    return f"tel:{'+' if text.startswith('+') else ''}{digits}" if len(digits) in DIGITS else ""


def site(website: str | None) -> str:
    """A website's address, https where it does not say; empty for anything that is not a plain web address."""
    text = (website or "").strip()
    if text and not SCHEME.match(text):
        text = f"https://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and "." in host and not re.search(r"\s", text) else ""


def host(website: str) -> str:
    """What to call a website: its host, without www."""
    return (urlsplit(website).hostname or "").removeprefix("www.")
