"""The nearby page in Django, Django REST framework and PostGIS, on the same rows in tables of its own.

`/sessions-prefetch` asks for what is within the radius, sorts by distance and prefetches; `/sessions-knn` has a copy of
the venue's point on each session and lets the index give the nearest first.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings


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
        INSTALLED_APPS=["rest_framework"], ROOT_URLCONF="bench.peers.django_urls", USE_TZ=True,
        SECRET_KEY=secrets.token_hex(),
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
    )  # fmt: skip
    django.setup()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415  -- only once the settings are there.

    return get_wsgi_application()
