"""The layouts of files that can be imported, by the names that the command takes."""

from __future__ import annotations

from collections.abc import Callable

from backend.feeds.draft import Format
from backend.feeds.formats.family_information import FamilyInformation
from backend.feeds.formats.libraries import Libraries
from backend.feeds.formats.places import Places

FORMATS: dict[str, Callable[[], Format]] = {one.name: one for one in (FamilyInformation, Libraries, Places)}
