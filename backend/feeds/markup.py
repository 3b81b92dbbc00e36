"""Taking mark-up out of texts, in time that grows no faster than the text: a stranger's may be made to be slow."""

from __future__ import annotations

import html
import re

MARK_UP = re.compile(r"<[a-zA-Z/!?]|&(?:#|[a-zA-Z]{2,10};)")
BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section"}
UNSEEN = {"script", "style", "template", "noscript", "iframe", "object", "svg", "title"}

# Never past the next "<", so that a text of nothing but beginnings is looked through only once.
TAG = re.compile(
    r"<(?:[!?][^<>]*+"
    r"|(?P<closes>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:\-]*+)(?=[\s/>])"
    r"(?P<rest>(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+(?=>)|[^<>]*+))>"
)


def words_of(text: str) -> str:
    """The text without mark-up. Mark-up that comes to light only once entities are read goes as well.

    A "<" that begins no tag stays as it is: "a<b and c>d" is arithmetic.
    """
    for _ in range(3):
        before, text = text, _stripped(text)
        if text == before or not MARK_UP.search(text):
            return text
    return html.unescape(text)


def _stripped(text: str) -> str:
    text = _without_comments(text)
    parts: list[str] = []
    at, unseen = 0, 0
    for match in TAG.finditer(text):
        if not _is_tag(match):
            continue
        if not unseen:
            parts.append(html.unescape(text[at : match.start()]))
        at = match.end()
        name = (match["name"] or "").lower()
        if name in BLOCKS and not unseen:
            parts.append("\n")
        elif name in UNSEEN and match["closes"]:
            unseen = max(0, unseen - 1)
        elif name in UNSEEN and not match["rest"].endswith("/"):
            unseen += 1
    if not unseen:
        parts.append(html.unescape(text[at:]))
    return "".join(parts)


def _is_tag(match: re.Match[str]) -> bool:
    """Whether that is a tag, and not two signs of arithmetic: what follows a tag's name are values, with a "="."""
    return bool(match["name"] is None or match["closes"] or "=" in match["rest"] or not match["rest"].strip(" \t\n/"))


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]])
