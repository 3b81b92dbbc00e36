"""Ways to reach a person privately, found in texts and web addresses: mobiles and e-mail (SAFETY 28)."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

DASHES = r"\-\u2010-\u2015\u2212"
NEAR = rf"[\s.()/{DASHES}]{{0,3}}"
# No colon: "07:00–09:00" is a time. Anything else that people put between the digits of a number.
GAP = rf"[\s.()/{DASHES},_*|~\u00b7\u2022\u2023\u2043\u2219\u25cf\u25e6]{{0,3}}"
DIGIT = r"[\dOo]"  # A letter O for a nought reads the same.
# 07/11/2026, 07/2026 and 07.00–09.00 begin as mobiles do. No mobile is ever written in those groups.
DATE_OR_TIME = (
    rf"(?!07[./{DASHES}](?:[0-3]?\d[./{DASHES}])?(?:19|20)\d\d(?!\d)|07\.[0-5]\d\s?(?:[{DASHES}]|to)\s?\d\d?\.[0-5]\d)"
)
MOBILE = re.compile(
    rf"(?<![\d.]){DATE_OR_TIME}(?:\((?=[\dOo\s]{{4,6}}\)))?"
    rf"(?:(?:\+|00){GAP}44{GAP}(?:0{GAP})?|0{GAP}|(?<!\w)[Oo]{GAP}|44{NEAR}(?=7))7(?:{GAP}{DIGIT}){{9}}(?![\d])"
)
# Any mobile number has this in it, and it is quick to look for.
TEN_DIGITS = re.compile(rf"7(?:{GAP}{DIGIT}){{9}}")
_LOCAL, _PART = r"[\w.+%'\-]{1,64}", r"[\w\-]{1,63}"
_DOT = r"(?:\s?(?:\.|[(\[{]\s?dot\s?[)\]}])\s?|\s{1,3}dot\s{1,3})"
EMAIL = re.compile(
    rf"{_LOCAL}\s?(?:@|[(\[{{]\s?at\s?[)\]}}])\s?{_PART}(?:{_DOT}[\w\-]{{2,63}}){{1,4}}"
    # Both as words, as "book at club.example" is a plain sentence.
    rf"|{_LOCAL}\s{{1,3}}at\s{{1,3}}{_PART}(?:\s{{1,3}}dot\s{{1,3}}[\w\-]{{2,63}}){{1,4}}",
    re.IGNORECASE,
)
AT = re.compile(r"@|\bat\b", re.IGNORECASE)
DOT = re.compile(r"@|\bdot\b|[(\[{]\s?at\s?[)\]}]", re.IGNORECASE)

# Hosts whose addresses lead to a telephone, and names of values that hold a number or an address.
CHATS = {"wa.me", "whatsapp.com", "t.me", "telegram.me", "signal.me", "signal.group", "viber.com"}
REACHES = re.compile(r"tel|phone|telephone|mobile|mob|cell|sms|whatsapp|e-?mail|mail|mailto", re.IGNORECASE)


def without(text: str, taken_out: Counter[str]) -> str:
    """The text with its mobile numbers and e-mail addresses taken out, and counted."""
    if "7" in text and TEN_DIGITS.search(text):
        text, count = MOBILE.subn("[number removed]", text)
        if count:
            taken_out["mobile number"] += count
    if AT.search(text) and DOT.search(text):
        text, count = EMAIL.subn("[e-mail removed]", text)
        if count:
            taken_out["e-mail address"] += count
    return text


def reached_by(address: str) -> str:
    """What a web address would give away, in words; "" for nothing."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if any(host == chat or host.endswith(f".{chat}") for chat in CHATS):
        return "leads to somebody's private chat"
    for pairs in (parts.query, parts.fragment):
        if any(REACHES.fullmatch(name.strip()) for name, _ in parse_qsl(pairs, keep_blank_values=True)):
            return "holds a telephone number or an e-mail address"
    plain = unquote(unquote(address))
    if ("7" in plain and MOBILE.search(plain)) or (AT.search(plain) and EMAIL.search(plain.partition("://")[2])):
        return "holds a mobile number or an e-mail address"
    return ""
