"""Words for URLs."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str, *, longest: int = 60) -> str:
    """Lower-case words joined by hyphens: "Second Supper: cook, eat" → "second-supper-cook-eat". Never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    joined = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    if len(joined) > longest:
        joined = joined[:longest].rsplit("-", 1)[0]
    return joined or "it"
