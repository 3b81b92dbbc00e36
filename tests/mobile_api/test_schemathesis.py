"""The API obeys its own document: schemathesis, all checks, in this process."""

from __future__ import annotations

from pathlib import Path

import schemathesis
from flask.testing import FlaskClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

CONFIG = Path(__file__).parent / "schemathesis.toml"


def test_the_api_obeys_its_document(town: FlaskClient) -> None:
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", town.application, config=SchemathesisConfig.from_path(CONFIG)
    )
    failures, errors, cases = [], [], 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            cases += len(event.recorder.cases)
            for checks in event.recorder.checks.values():
                failures += [check.failure_info for check in checks if check.failure_info is not None]
        elif isinstance(event, events.NonFatalError | events.FatalError):
            errors.append(event)

    assert [f"{info.failure.title}\n{info.failure.message}\n{info.code_sample}" for info in failures] == []
    assert errors == []
    assert cases > 300
