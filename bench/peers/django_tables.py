"""The tables that the Django peer reads: the same rows, typed as Django would type them."""

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
