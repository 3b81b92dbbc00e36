"""The document is valid, complete, and true: what it shows is what the API answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from mobile_api.problems import KINDS
from tests import make

Document = dict[str, Any]


@pytest.fixture
def document(client: FlaskClient) -> Document:
    answer = client.get("/api/v1/openapi.json")
    assert answer.content_type == "application/json"
    told: Document = answer.get_json()
    return told


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                assert method == "get"
                yield path, operation


def check(document: Document, schema: Document, value: Any) -> None:
    """Hold a value to a schema of the document, formats too."""
    whole = {**schema, "components": document["components"]}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def test_it_is_valid_openapi_3_1(document: Document) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_every_route_of_the_api_is_in_it(client: FlaskClient, document: Document) -> None:
    routes = {
        rule.rule.replace("<number:", "{").replace("<", "{").replace(">", "}")
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("mobile_api.")
    }
    assert routes == set(document["paths"])


def test_every_operation_is_told_whole(document: Document) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    ids = []
    for path, operation in operations(document):
        ids.append(operation["operationId"])
        assert operation["summary"], path
        assert "Anyone may." in operation["description"], path
        assert set(operation["tags"]) <= tags, path
        assert operation["responses"]["200"]["content"]["application/json"]["example"], path
        for parameter in [*operation.get("parameters", []), *document["paths"][path].get("parameters", [])]:
            assert parameter["description"], (path, parameter["name"])
            assert parameter["name"] == "cursor" or "example" in parameter, (path, parameter["name"])
    assert len(set(ids)) == len(ids)


def test_every_failure_is_a_problem_with_an_example(document: Document) -> None:
    for path, operation in operations(document):
        failures = {status: one for status, one in operation["responses"].items() if status not in {"200", "304"}}
        assert {"422", "503", "default"} <= set(failures), path
        for status, failure in failures.items():
            assert list(failure["content"]) == ["application/problem+json"], (path, status)
            for name, example in failure["content"]["application/problem+json"]["examples"].items():
                assert name in KINDS
                check(document, {"$ref": "#/components/schemas/Problem"}, example["value"])


def test_every_example_has_the_shape_of_an_answer(document: Document) -> None:
    for _, operation in operations(document):
        content = operation["responses"]["200"]["content"]["application/json"]
        check(document, content["schema"], content["example"])


def test_examples_of_parameters_are_good(document: Document) -> None:
    for path, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                check(document, parameter["schema"], parameter["example"])
                assert path


def test_real_answers_have_the_shapes_and_no_field_is_left_out(town: FlaskClient, document: Document) -> None:
    found = town.get("/api/v1/sessions?place=peckham").get_json()["items"][0]
    urls = {
        "/api/v1/sessions": "?place=peckham&limit=1",
        "/api/v1/sessions/counts": "?place=peckham",
        "/api/v1/activities/{activity_id}": found["activity"]["id"],
        "/api/v1/categories": "",
        "/api/v1/organisations/{organisation_id}": found["organisation"]["id"],
        "/api/v1/areas": "?q=peck",
        "/api/v1/areas/{slug}": "peckham",
        "/api/v1/boroughs": "",
    }
    for path, operation in operations(document):
        answer = town.get(path.partition("{")[0] + str(urls[path])).get_json()
        content = operation["responses"]["200"]["content"]["application/json"]
        check(document, content["schema"], answer)
        assert list(answer) == list(content["example"]), path


def test_an_example_activity_without_a_venue_still_has_the_shape(town: FlaskClient, document: Document) -> None:
    from sqlalchemy import update

    from backend.activities.models import Activity
    from backend.core.db import db, transaction

    activity_id = make.activity(title="Somewhere")
    with transaction():
        db.session.execute(update(Activity).where(Activity.id == activity_id).values(venue_id=None))
    answer = town.get(f"/api/v1/activities/{activity_id}").get_json()
    assert answer["venue"] is None
    check(document, {"$ref": "#/components/schemas/Activity"}, answer)


def test_it_says_where_the_server_is_and_may_be_kept(client: FlaskClient, document: Document) -> None:
    assert document["servers"][0]["url"] == "http://127.0.0.1:8000"
    answer = client.get("/api/v1/openapi.json")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["ETag"]) == (304, answer.headers["ETag"])


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/problems", "/api/v1/problems/too-wide"])
def test_the_pages_need_no_script_and_nobody_elses_files(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    for forbidden in ("<script", "style=", "<style", "onclick"):
        assert forbidden not in page.text
    links = [part.split('"')[0] for part in page.text.split('href="')[1:] + page.text.split('src="')[1:]]
    assert all(link.startswith(("/", "#", "data:")) for link in links)
    for link in links:
        if link.startswith("/api/"):
            with client.get(link) as linked:
                assert linked.status_code == 200, link


def test_the_reader_page_shows_every_operation_parameter_and_shape(client: FlaskClient, document: Document) -> None:
    page = client.get("/api/v1/docs").text
    for path, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page
        assert path in page
        for parameter in operation.get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in page
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    anchors = {part.split('"')[0] for part in page.split('href="#')[1:]}
    assert all(f'id="{anchor}"' in page for anchor in anchors)
