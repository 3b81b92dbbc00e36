"""The nearby page in Django, Django REST framework and PostGIS, on the same rows in tables of its own.

`/sessions-prefetch` asks for what is within the radius, sorts by distance and prefetches; `/sessions-knn` has a copy of
the venue's point on each session and lets the index give the nearest first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

from backend.geo.grid import LONDON

TABLES = """
    CREATE EXTENSION IF NOT EXISTS postgis;
    DROP TABLE IF EXISTS peer_session, peer_activity, peer_venue, peer_organisation;
    CREATE TABLE peer_organisation AS SELECT id, name, slug, source_label FROM organisation;
    CREATE TABLE peer_venue AS SELECT id, name, borough,
      ST_SetSRID(ST_MakePoint(lng / 1e5, lat / 1e5), 4326)::geography AS point FROM venue;
    CREATE TABLE peer_activity AS SELECT id, title, slug, cost, cost_min, cost_max, organisation_id, confirmed_on
      FROM activity;
    CREATE TABLE peer_session AS SELECT s.id, s.activity_id, s.venue_id, to_timestamp(s.starts_at) AS starts_at,
      to_timestamp(s.ends_at) AS ends_at, to_timestamp(least(s.listed_until, 32503680000)) AS listed_until, s.status,
      s.reason, s.moved, s.category, s.age_min, s.age_max, s.features,
      ST_SetSRID(ST_MakePoint(s.lng / 1e5, s.lat / 1e5), 4326)::geography AS point FROM session AS s ORDER BY s.id;
    ALTER TABLE peer_organisation ADD PRIMARY KEY (id);
    ALTER TABLE peer_venue ADD PRIMARY KEY (id);
    ALTER TABLE peer_activity ADD PRIMARY KEY (id);
    ALTER TABLE peer_session ADD PRIMARY KEY (id);
    CREATE INDEX ON peer_venue USING GIST (point);
    CREATE INDEX ON peer_session USING GIST (point);
    CREATE INDEX ON peer_session (venue_id, starts_at);
    CREATE INDEX ON peer_session (activity_id);
    CREATE INDEX ON peer_session (starts_at);
"""


def application(url: str) -> Any:
    """The WSGI app on the PostGIS database at `url`."""
    parts = urlsplit(url)
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={
            "default": {
                "ENGINE": "django.contrib.gis.db.backends.postgis", "NAME": parts.path.lstrip("/"),
                "USER": parts.username, "HOST": parse_qs(parts.query)["host"][0], "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=["rest_framework"], ROOT_URLCONF="bench.peers.django_urls", SECRET_KEY="-", USE_TZ=True,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
    )  # fmt: skip
    django.setup()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415  -- only once the settings are there.

    return get_wsgi_application()
