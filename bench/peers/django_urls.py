"""Django's models, serializers and views: see django_peer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance, GeometryDistance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.activities import windows
from backend.activities.vocabulary import ACCESS, CHECKED, JOIN, TAGS, Category, Status, named
from backend.geo import queries as geo
from backend.geo.grid import LONDON

CATEGORIES = [category.value for category in Category]
STATUSES = [status.name.lower() for status in Status]
BOROUGHS = {borough.code: borough.name for borough in geo.boroughs()}


class Organisation(models.Model):
    name = models.CharField(max_length=160)
    slug = models.CharField(max_length=80)
    source_label = models.CharField(max_length=160, null=True)

    class Meta:
        app_label, db_table, managed = "peer", "peer_organisation", False


class Venue(models.Model):
    name = models.CharField(max_length=160)
    borough = models.CharField(max_length=9)
    point = models.PointField(geography=True)

    class Meta:
        app_label, db_table, managed = "peer", "peer_venue", False


class Activity(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    title = models.CharField(max_length=160)
    slug = models.CharField(max_length=80)
    cost = models.CharField(max_length=8)
    cost_min = models.IntegerField()
    cost_max = models.IntegerField()
    confirmed_on = models.DateField()

    class Meta:
        app_label, db_table, managed = "peer", "peer_activity", False


class Session(models.Model):
    activity = models.ForeignKey(Activity, models.CASCADE)
    venue = models.ForeignKey(Venue, models.CASCADE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    listed_until = models.DateTimeField()
    status = models.SmallIntegerField()
    reason = models.CharField(max_length=160)
    moved = models.BooleanField()
    category = models.SmallIntegerField()
    age_min = models.SmallIntegerField()
    age_max = models.SmallIntegerField()
    features = models.BigIntegerField()
    point = models.PointField(geography=True)

    class Meta:
        app_label, db_table, managed = "peer", "peer_session", False


class OrganisationOut(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields: ClassVar = ["id", "name"]


class ActivityOut(serializers.ModelSerializer):
    class Meta:
        model = Activity
        fields: ClassVar = ["id", "title", "slug"]


class VenueOut(serializers.ModelSerializer):
    borough = serializers.SerializerMethodField()
    lat = serializers.FloatField(source="point.y")
    lng = serializers.FloatField(source="point.x")

    class Meta:
        model = Venue
        fields: ClassVar = ["id", "name", "borough", "lat", "lng"]

    def get_borough(self, venue: Venue) -> dict[str, str]:
        return {"code": venue.borough, "name": BOROUGHS.get(venue.borough, venue.borough)}


class SessionOut(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    activity = ActivityOut()
    starts_at = serializers.DateTimeField(default_timezone=ZoneInfo("Europe/London"))
    ends_at = serializers.DateTimeField(default_timezone=ZoneInfo("Europe/London"))
    status = serializers.SerializerMethodField()
    category = serializers.SerializerMethodField()
    cost = serializers.SerializerMethodField()
    age = serializers.SerializerMethodField()
    join = serializers.SerializerMethodField()
    access = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()
    venue = VenueOut()
    distance_m = serializers.SerializerMethodField()
    organisation = OrganisationOut(source="activity.organisation")
    checked = serializers.SerializerMethodField()
    listed_by = serializers.CharField(source="activity.organisation.source_label")
    confirmed_on = serializers.DateField(source="activity.confirmed_on")

    class Meta:
        model = Session
        fields: ClassVar = [
            "id", "url", "activity", "starts_at", "ends_at", "status", "reason", "moved", "category", "cost", "age",
            "join", "access", "tags", "venue", "distance_m", "organisation", "checked", "listed_by", "confirmed_on",
        ]  # fmt: skip

    def get_url(self, row: Session) -> str:
        return f"http://127.0.0.1:8000/activities/{row.activity.id}/{row.activity.slug}"

    def get_status(self, row: Session) -> str:
        return STATUSES[row.status]

    def get_category(self, row: Session) -> str:
        return CATEGORIES[row.category]

    def get_cost(self, row: Session) -> dict[str, Any]:
        activity = row.activity
        return {"kind": activity.cost, "min": activity.cost_min, "max": activity.cost_max, "currency": "GBP"}

    def get_age(self, row: Session) -> dict[str, int]:
        return {"min": row.age_min, "max": row.age_max}

    def get_join(self, row: Session) -> list[str]:
        return named(row.features, JOIN)

    def get_access(self, row: Session) -> list[str]:
        return named(row.features, ACCESS)

    def get_tags(self, row: Session) -> list[str]:
        return named(row.features, TAGS)

    def get_distance_m(self, row: Any) -> int:
        return int(getattr(row.distance, "m", row.distance))

    def get_checked(self, row: Session) -> bool:
        return bool(row.features & CHECKED)


class Asked(serializers.Serializer):
    cell = serializers.IntegerField()
    order = serializers.ChoiceField(["nearest"], default="nearest")
    radius = serializers.IntegerField(default=2_400, min_value=1, max_value=20_000)
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)


class Nearby(APIView):
    """A page of what is on near a cell today and in the six days after, nearest first."""

    def get(self, request: Request) -> Response:
        asked = Asked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        lat, lng = LONDON.centre(asked.validated_data["cell"])
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        window = windows.ahead(now)
        on = Session.objects.filter(
            starts_at__gte=window.from_, starts_at__lt=window.before, ends_at__gt=now, listed_until__gt=now
        )
        limit = asked.validated_data["limit"] + 1
        rows = list(self.rows(on, Point(lng / 1e5, lat / 1e5, srid=4326), asked.validated_data["radius"])[:limit])
        return Response({"items": SessionOut(rows[: limit - 1], many=True).data, "next": None})

    def rows(self, on: Any, origin: Point, radius: int) -> Any:
        raise NotImplementedError


class Prefetch(Nearby):
    def rows(self, on: Any, origin: Point, radius: int) -> Any:
        near = on.filter(venue__point__dwithin=(origin, D(m=radius))).annotate(
            distance=Distance("venue__point", origin)
        )
        return near.order_by("distance", "starts_at", "id").prefetch_related("venue", "activity__organisation")


class Nearest(Nearby):
    def rows(self, on: Any, origin: Point, radius: int) -> Any:
        near = on.filter(point__dwithin=(origin, D(m=radius))).annotate(distance=GeometryDistance("point", origin))
        return near.order_by("distance", "starts_at", "id").select_related("venue", "activity__organisation")


urlpatterns = [path("sessions-prefetch", Prefetch.as_view()), path("sessions-knn", Nearest.as_view())]
