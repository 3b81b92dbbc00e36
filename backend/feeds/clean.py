"""Texts of strangers, made fit to keep: no mark-up, nothing invisible, and no way to reach a person privately.

Mobile numbers and e-mail addresses are taken out of every text (SAFETY 28: the phones of staff must not get out), and
counted, so that the operator hears of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from backend.feeds import private
from backend.feeds.draft import Reading, Refused
from backend.feeds.markup import MARK_UP, words_of

# Most texts hold nothing but these, and need no second look.
PLAIN = re.compile(r"[\n\x20-\x7e£é–—‘’“”…•]*")
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # Control, invisible format (bidi overrides among them), surrogate, unassigned.
MISREAD = re.compile("[\u00c2-\u00c5\u00e2][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122]")
HEAPED = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")

PROSE = 4000  # Letters. Longer texts are cut at a word: nobody reads more on a phone.
MARKED_UP = 4 * PROSE  # Letters of a text with mark-up that are looked at.


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
            shown.append(_folded(letter) if digit is None else str(digit))
        elif letter != "\xad":
            taken_out["hidden character"] += 1
    return HEAPED.sub(r"\1", unicodedata.normalize("NFC", "".join(shown)))


def _folded(letter: str) -> str:
    """A full-width, small or ornamental form of a plain letter or sign as that itself."""
    if not unicodedata.decomposition(letter).startswith(("<wide>", "<small>", "<font>", "<circle>")):
        return letter
    plain = unicodedata.normalize("NFKC", letter)
    return plain if len(plain) == 1 and plain.isascii() else letter


def _clean(value: object, field: str, reading: Reading) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(field, "is not text")
    if not PLAIN.fullmatch(value):
        # Twice, as wrongly read letters may only meet once a hidden one between them is gone.
        for _ in range(2):
            value = _visible(_mended(value, reading.taken_out), reading.taken_out)
    if ("<" in value or "&" in value) and MARK_UP.search(value):
        if len(value) > MARKED_UP:
            reading.note(field, f"cut from {len(value)} to {MARKED_UP} letters, mark-up and all")
        words = words_of(value[:MARKED_UP])
        if words != value:
            value = _visible(words, reading.taken_out)
            reading.taken_out["text with mark-up"] += 1
    return value


def line(value: object, field: str, reading: Reading, *, longest: int) -> str:
    """A short text on one line, "" for none. Raises Refused for one longer than `longest` letters."""
    # Spaces go first: a number with six of them in it is still one once they are one.
    text = " ".join(_clean(value, field, reading).split()).replace("''", "'")
    text = private.without(text, reading.taken_out)
    if len(text) > longest:
        raise Refused(field, f"is too long: {len(text)} letters, and at most {longest} fit")
    return text


def prose(value: object, field: str, reading: Reading, *, longest: int = PROSE) -> str:
    """A longer text, its paragraphs kept; one that is too long is cut at a word and ends in "…"."""
    text = _clean(value, field, reading)
    text = "\n".join([" ".join(part.split()) for part in text.split("\n")]).strip()
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    text = private.without(text, reading.taken_out)
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
    r"https?://(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9\-]{1,61}(?::(?P<port>[0-9]{2,5}))?"
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
        elif match := WEB.fullmatch(text):
            reason = _unfit(match)
            if not reason:
                return text
    reading.note(field, f"left out: it {reason}")
    return None


def _unfit(address: re.Match[str]) -> str:
    """Why a well-formed web address cannot be shown; "" when it can."""
    if int(address["port"] or 80) > 65_535:
        return f"has a port that cannot be: {address['port']}"
    return private.reached_by(address.group())


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
    digits = re.sub(rf"[\s.()/{private.DASHES}]", "", re.sub(r"^\s*(?:\+|00)\s*44\s*(?:\(0\))?", "0", text))
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
