"""Texts of strangers, made fit to keep: no mark-up, nothing invisible, and no way to reach a person privately.

Mobile numbers and e-mail addresses are taken out of every text (SAFETY 28: the phones of staff must not get out), and
counted, so that the operator hears of it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser

from backend.feeds.draft import Reading, Refused

# Most texts hold nothing but these, and need no second look.
PLAIN = re.compile(r"[\n\x20-\x7e£é–—‘’“”…•]*")
MARK_UP = re.compile(r"<[a-zA-Z/!?]|&(?:#|[a-zA-Z]{2,10};)")
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # Control, invisible format (bidi overrides among them), surrogate, unassigned.
MISREAD = re.compile("[\u00c2-\u00c5\u00e2][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122]")
HEAPED = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section"}
UNSEEN = {"script", "style", "template", "noscript", "iframe", "object", "svg", "title"}

GAP = r"[\s.()/\-]{0,3}"
MOBILE = re.compile(
    rf"(?<![\d.])(?:\((?=[\d\s]{{4,6}}\)))?(?:(?:\+|00){GAP}44{GAP}(?:0{GAP})?|0{GAP}|44{GAP}(?=7))7(?:{GAP}\d){{9}}(?!\d)"
)
# Any mobile number has this in it, and it is quick to look for.
TEN_DIGITS = re.compile(rf"7(?:{GAP}\d){{9}}")
EMAIL = re.compile(
    r"[\w.+%'\-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w\-]{1,63}(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w\-]{2,63}){1,4}",
    re.IGNORECASE,
)

PROSE = 4000  # Letters. Longer texts are cut at a word: nobody reads more on a phone.


class _Words(HTMLParser):
    """The words of a page, without its mark-up."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  -- not ours to name.
        if tag in UNSEEN:
            self.unseen += 1
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def words_of(text: str) -> str:
    """The text without mark-up. Mark-up that comes to light only once entities are read goes as well."""
    for _ in range(3):
        if not MARK_UP.search(text):
            break
        parser = _Words()
        parser.feed(text)
        parser.close()
        text = "".join(parser.parts)
    return html.unescape(text) if MARK_UP.search(text) else text


def _mended(text: str, taken_out: Counter[str]) -> str:
    """The text as it was before UTF-8 was read as a Western encoding, perhaps twice: "CafÃ©" was "Café".

    Only where the whole text turns back without a fault: no sentence that was right does that by chance.
    """
    for encoding in ("latin-1", "cp1252") * 2:
        if not MISREAD.search(text):
            break
        try:
            text = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        taken_out["wrongly read letters, put right"] += 1
    return text


def _visible(text: str, taken_out: Counter[str]) -> str:
    shown = []
    for letter in text.replace("\r\n", "\n"):
        if letter in "\r\u2028\u2029\x0b\x0c\x85":
            shown.append("\n")
        elif letter == "\t":
            shown.append(" ")
        elif letter == "\n" or unicodedata.category(letter) not in HIDDEN:
            digit = unicodedata.decimal(letter, None)
            shown.append(letter if digit is None else str(digit))
        elif letter != "\xad":
            taken_out["hidden character"] += 1
    return HEAPED.sub(r"\1", unicodedata.normalize("NFC", "".join(shown)))


def _unreachable(text: str, taken_out: Counter[str]) -> str:
    if TEN_DIGITS.search(text):
        text, count = MOBILE.subn("[number removed]", text)
        if count:
            taken_out["mobile number"] += count
    if "@" in text or "at)" in text or "at]" in text:
        text, count = EMAIL.subn("[e-mail removed]", text)
        if count:
            taken_out["e-mail address"] += count
    return text


def _clean(value: object, field: str, reading: Reading) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(field, "is not text")
    if not PLAIN.fullmatch(value):
        value = _visible(_mended(value, reading.taken_out), reading.taken_out)
    if ("<" in value or "&" in value) and MARK_UP.search(value):
        value = _visible(words_of(value), reading.taken_out)
        reading.taken_out["text with mark-up"] += 1
    return _unreachable(value, reading.taken_out)


def line(value: object, field: str, reading: Reading, *, longest: int) -> str:
    """A short text on one line, "" for none. Raises Refused for one longer than `longest` letters."""
    text = " ".join(_clean(value, field, reading).split()).replace("''", "'")
    if len(text) > longest:
        raise Refused(field, f"is too long: {len(text)} letters, and at most {longest} fit")
    return text


def prose(value: object, field: str, reading: Reading, *, longest: int = PROSE) -> str:
    """A longer text, its paragraphs kept; one that is too long is cut at a word and ends in "…"."""
    text = _clean(value, field, reading)
    text = "\n".join([" ".join(part.split()) for part in text.split("\n")]).strip()
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    if len(text) <= longest:
        return text
    reading.note(field, f"cut from {len(text)} to {longest} letters")
    kept = text[: longest - 1]
    return (kept.rsplit(None, 1)[0] if " " in kept or "\n" in kept else kept).rstrip() + "…"


def identity(value: object) -> str:
    """A row's own id, as text. Raises Refused for none, and for one that could hide something."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        raise Refused("id", "is missing")
    if not isinstance(value, str) or not value.isprintable() or value != value.strip():
        raise Refused("id", "is not a plain text")
    if len(value) > 120:
        raise Refused("id", f"is too long: {len(value)} letters, and at most 120 fit")
    return value


# A host name in plain letters with a dot in it (international names come in their ASCII form), perhaps a port, and then
# only letters that an address may hold: RFC 3986, appendix A. No user names, which make a link look like another.
WEB = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9\-]{1,61}(?::[0-9]{2,5})?"
    r"(?:[/?#][a-z0-9\-._~:/?#\[\]@!$&()*+,;=%]*)?",
    re.IGNORECASE | re.ASCII,
)
BARE = re.compile(r"[a-z0-9\-]+(?:\.[a-z0-9\-]+)+(?:/|$)", re.IGNORECASE | re.ASCII)


def website(value: object, field: str, reading: Reading, *, longest: int = 300) -> str | None:
    """An http or https address, or None. One that cannot be used is left out, and that is noted."""
    if value is None or value == "":
        return None
    reason = "is not a web address"
    if isinstance(value, str):
        text = value.strip()
        if "://" not in text and BARE.match(text):
            text = f"http://{text}"
        if len(text) > longest:
            reason = f"is too long: {len(text)} letters, and at most {longest} fit"
        elif WEB.fullmatch(text):
            return text
    reading.note(field, f"left out: it {reason}")
    return None


# Geographic numbers, 03 numbers (charged like them), and freephone. Not kept: 07 (mobiles, personal numbers and
# pagers), 084, 087 and 09 (the caller pays for the service). Source: the National Telephone Numbering Plan (Ofcom).
LANDLINE = re.compile(r"0(?:[12]\d{8,9}|3\d{9}|80[08]\d{4,7})|116\d{3}")


def telephone(value: object, field: str, reading: Reading) -> str | None:
    """A landline or freephone number as it is usually written, or None; any other is left out and counted."""
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) else ""
    if not text.isascii():
        text = _visible(text, Counter())
    digits = re.sub(r"[\s.()/\-]", "", re.sub(r"^\s*(?:\+|00)\s*44\s*(?:\(0\))?", "0", text))
    if LANDLINE.fullmatch(digits):
        return _spaced(digits)
    reading.taken_out["telephone number that is no landline or freephone"] += 1
    reading.note(field, "left out: it is not a landline or freephone number")
    return None


def _spaced(digits: str) -> str:
    if digits.startswith("02") and len(digits) == 11:
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if digits.startswith(("03", "011", "080")) or (digits.startswith("01") and digits[3] == "1"):
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}".strip()
    return f"{digits[:5]} {digits[5:]}" if digits.startswith("01") else digits
