"""One session as a card. A page of Discover holds twenty: written here they cost a fifth of what a template costs.

The whole card is the target of its link, and Save lies above it. Everything that a group wrote is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from backend.activities.queries import Listing
from backend.core import clock
from mobile_app import assets, view


def act_cards(items: list[Listing], now: datetime, *, say_day: bool) -> Markup:
    """A list's cards, each with its day where the list holds several (`say_day`)."""
    today = clock.today(now)
    days = (view.day(clock.today(item.starts), today) if say_day else "" for item in items)
    return Markup("").join(act_card(item, now, day) for item, day in zip(items, days, strict=True))


def act_card(item: Listing, now: datetime, day: str = "", level: int = 3) -> Markup:
    """The card. `day` is said before the hours where the page itself does not say it; `level` is the heading's."""
    kind = view.kind(item.category)
    title = escape(item.title)
    starts, hours = _when(item.starts_at, item.ends_at)
    tags = _tags((item.cost, item.cost_min, item.cost_max), (item.age_min, item.age_max), *item.join[:1])
    said = f"{day}, " if day else ""
    where = view.away(item.distance) or escape(view.borough_name(item.borough))
    return Markup(  # noqa: S704 (what a group wrote is escaped; the rest is ours)
        f'<article class="act" data-act="{item.activity_id}">'
        f'<div class="act-tile">{assets.moquette(kind.slug)}<span class="disc">{assets.icon(kind.icon)}</span></div>'
        '<div class="act-body"><div class="act-top"><div class="act-head">'
        f'<p class="act-when"><time datetime="{starts}">{said}{hours}</time>{_state(item, now)}</p>'
        f'<h{level}><a href="{view.activity_url(item.activity_id, item.slug)}">{title}</a></h{level}></div>'
        f"{save_button(item.activity_id, title)}</div>"
        f'<p class="act-where">{escape(item.venue_name)} · {where}</p>'
        f'<p class="tags">{tags}</p>{_source(item)}</div></article>'
    )


def _source(item: Listing) -> str:
    """For what a directory lists and we have not checked: whose word it is, and since when."""
    if not item.source_label:
        return ""
    since = date.fromisoformat(item.confirmed_on)
    return f'<p class="act-source">{escape(item.source_label)}, {since:%b %Y}. Not checked by us.</p>'


def kind_links(urls: Iterable[str]) -> Markup:
    """A link for each kind of thing to do, with its pattern; `urls` are in the order of view.KINDS."""
    return Markup("").join(
        Markup(  # noqa: S704 (all of it is ours; an address has been quoted)
            f'<li><a href="{escape(url)}" class="panel kind">'
            f'<span class="kind-tile">{assets.moquette(kind.slug)}</span>'
            f'<span class="kind-name">{assets.icon(kind.icon)}{kind.name}</span></a></li>'
        )
        for kind, url in zip(view.KINDS.values(), urls, strict=True)
    )


def save_button(activity_id: int, title: str, classes: str = "") -> Markup:
    """The button that keeps an activity on the phone. Without scripts it is not shown (no-script.css)."""
    return Markup(  # noqa: S704 (the title is escaped)
        f'<button class="save {classes}" type="button" data-save="{activity_id}" aria-pressed="false" '
        f'aria-label="Save {escape(title)}">{assets.icon("bookmark")}</button>'
    )


def tag_html(tag: view.Tag) -> Markup:
    """A word or two on a tint."""
    tint = f" tag-{tag.tint}" if tag.tint else ""
    return Markup(f'<span class="tag{tint}">{escape(tag.words)}</span>')  # noqa: S704 (the words are escaped)


# Most sessions share their hours, and their tags, with many others.
@lru_cache(maxsize=8192)
def _when(starts_at: int, ends_at: int) -> tuple[str, str]:
    """When it starts, for machines, and its hours for people."""
    starts, ends = clock.from_epoch(starts_at), clock.from_epoch(ends_at)
    return clock.london(starts).isoformat(timespec="minutes"), view.hours(starts, ends)


@lru_cache(maxsize=8192)
def _tags(terms: tuple[str, int, int], ages: tuple[int, int], join: str = "") -> Markup:
    return Markup("").join(map(tag_html, view.tags(terms, ages, join)))


def _state(item: Listing, now: datetime) -> str:
    """Whether it is called off, on now, or soon; a card kept on a phone loses the last two."""
    if item.cancelled:
        return ' <span class="tag tag-soon">Called off</span>'
    near = view.nearness(item.starts, item.ends, now)
    return f' <span class="tag tag-soon" data-soon>{near}</span>' if near else ""
