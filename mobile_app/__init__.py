"""The pages that young people and parents open: HTML from the server, scripts only on top. One file for each area."""

from __future__ import annotations

from mobile_app.door import Door


def create_blueprint() -> Door:
    """The app's door, ready to register at the root of the site.

    The Flask app must be made with `static_folder=None`, since the door serves /static itself.
    """
    from mobile_app import (  # noqa: PLC0415 (each area adds its pages to a new door)
        activities,
        activity,
        calendars,
        geo,
        london,
        map,  # noqa: A004  -- the area is called map, as its address is.
        organisations,
        pictures,
        saved,
        shell,
    )

    door = Door()
    for area in (shell, geo, activities, activity, calendars, pictures, organisations, map, london, saved):
        area.add_pages(door)
    return door
