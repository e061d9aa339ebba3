"""Schemathesis asks what the OpenAPI description allows, and what it does not: nothing fails, and
every answer is as described. The description itself is valid, and leaves no endpoint out."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, assume, given, seed, settings
from litestar import Litestar
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

from sync.central.devices import ATTEMPTS, ATTEMPTS_IN
from sync.central.rest import openapi, operations
from tests.sync.conftest import DATABASES
from tests.sync.rest.conftest import a_return

DOCUMENT = json.loads(openapi.document())
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
KNOWN = {"webhook_id": "W-1", "return_id": "RMA-1", "drop_id": "D-1", "refund_id": "re-1"}
OURS = {"GET /v1/openapi.json", "GET /v1/problems/{kind}", "POST /v1/enrol"}
OURS |= {f"{one.method} {one.path}" for one in operations.ALL}

ANYTHING = {
    "GET /v1/key",
    "GET /v1/openapi.json",
    "GET /v1/problems/{kind}",
    "GET /v1/webhooks",
}
"""Nothing of these can be wrong."""

SELDOM = ATTEMPTS_IN.total_seconds() / ATTEMPTS + 1
"""Seconds between codes that are wrong, so that each is looked at."""

load_all_checks()
# What a rule of content refuses (422) and a condition (412) is described and no slip of form.
CONFIG = {
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "3xx", "403", "404", "409", "412", "422"]
        },
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "415", "422"]
        },
    }
}


@pytest.fixture
def described(shops):
    schema = schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig.from_dict(CONFIG))
    schema.config.update(base_url=shops.url)
    found = [one.ok() for one in schema.get_all_operations()]
    return {one.label: one for one in found if one.label in OURS}


def ask(shops, caller, operation, mode, count, **more):
    """`count` requests of one operation, each answer held against every check."""
    pause = SELDOM if operation.label == "POST /v1/enrol" else 1
    headers = {"Authorization": f"Bearer {caller.token}"}

    @seed(7)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(case=operation.as_strategy(generation_mode=mode, **more))
    def each(case):
        assume(mode is POSITIVE or still_wrong(case))
        shops.clock.advance(seconds=pause)  # or it would be told to come later
        case.call_and_validate(headers=headers, timeout=10)

    each()


def still_wrong(case):
    """Whether a request that was made wrong is so with the caller's own Authorization, too, with
    its headers as HTTP carries them, without space around them, and its query as an address does,
    without what is nothing."""
    wrong = {place for place, told in case.meta.components.items() if told.mode is NEGATIVE}
    if not set(case.query or {}) <= carried(case):
        wrong -= {ParameterLocation.QUERY}
    if wrong - {ParameterLocation.HEADER}:
        return True
    return any(
        re.fullmatch("[!-~]{1,200}", value.strip()) is None
        for name, value in case.headers.items()
        if name.lower() == "idempotency-key"
    )


def carried(case):
    """The names in the query of its address: what is nothing, or a list of it, leaves none."""
    told = case.as_transport_kwargs(base_url="http://centre")
    made = requests.Request(told["method"], told["url"], params=told.get("params")).prepare()
    return set(parse_qs(urlsplit(made.url).query, keep_blank_values=True))


def go_over_all(shops, called, described, count):
    assert set(described) == OURS
    callers = {"merchant": called(), "hub": called("hub:north"), "carrier": called("carrier:dpx")}
    callers["exports"] = called("exports")
    callers["merchant"].put("/v1/returns/RMA-1", a_return()).raise_for_status()
    roles = {f"{one.method} {one.path}": one.roles[0] for one in operations.ALL}
    for label, operation in described.items():
        caller = callers[roles.get(label, "merchant")]
        ask(shops, caller, operation, POSITIVE, count)
        its = {name: value for name, value in KNOWN.items() if f"{{{name}}}" in label}
        if its:
            ask(shops, caller, operation, POSITIVE, count, path_parameters=its)
        if label not in ANYTHING:
            ask(shops, caller, operation, NEGATIVE, count)


def test_every_check_of_schemathesis_is_made():
    names = {check.__name__ for check in CHECKS.get_all()}
    assert {"not_a_server_error", "response_schema_conformance", "ignored_auth"} <= names


@pytest.mark.parametrize("database_url", DATABASES[-1:], indirect=True)  # the stricter one
def test_nothing_fails_and_every_answer_is_as_described(shops, called, described):
    go_over_all(shops, called, described, 3)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_fails_whatever_is_asked(shops, called, described):
    go_over_all(shops, called, described, 200)


def test_the_description_names_every_route_and_no_other(shops):
    """Also those of kiosks."""
    answer = requests.get(shops.url + "/v1/openapi.json", timeout=10)
    assert answer.json() == DOCUMENT
    described = {
        (method.upper(), path) for path, told in DOCUMENT["paths"].items() for method in told
    }
    assert described == routed(shops.server._server.config.app)


def routed(app):
    """What the application itself takes under /v1, within its gate and its guard."""
    while not isinstance(app, Litestar):
        app = app._app
    methods = {(method, one.path_format) for one in app.routes for method in one.methods}
    return {one for one in methods if one[0] != "OPTIONS" and one[1].startswith("/v1/")}
