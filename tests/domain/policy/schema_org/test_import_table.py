"""docs/policy-import.md names every property, mapped or not and why: so it happens."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.policy.schema_org import Kind
from kiosk.domain.policy.schema_org.vocabulary import PROPERTIES

PAGE = Path(__file__).resolve().parents[4] / "docs" / "policy-import.md"
ROWS = {
    found[1]: found[2].strip()
    for found in re.finditer(r"^\| `(\w+)` \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
}
NOT_MAPPED = {term for term, rule in ROWS.items() if rule.startswith("none")}
VALUES: dict[str, Any] = {
    "additionalProperty": {"@type": "PropertyValue", "name": "tags on", "value": True},
    "merchantReturnLink": "https://shop.example/returns",
    "returnLabelSource": "ReturnLabelInBox",
    "customerRemorseReturnLabelSource": "https://schema.org/ReturnLabelInBox",
    "itemDefectReturnLabelSource": "http://schema.org/ReturnLabelDownloadAndPrint",
}
IRIS = ["{}", "https://schema.org/{}", "http://schema.org/{}", "schema:{}"]


def test_the_page_has_a_row_for_every_property():
    assert ROWS.keys() == PROPERTIES
    assert VALUES.keys() == NOT_MAPPED


@pytest.mark.parametrize("term", sorted(NOT_MAPPED))
def test_what_is_not_mapped_makes_no_rule_and_says_why(pages: Any, term: str):
    page = pages.policy(**{term: VALUES[term]})
    told = [note for note in page.imported.notes if note.term == term]
    assert told
    assert all(note.text for note in told)
    assert page.kinds(term) <= {Kind.UNUSED, Kind.PERSON}
    taking = [spec for spec in page.rules if spec["rule"] != "staff"]
    assert taking == [spec for spec in pages.policy().rules if spec["rule"] != "staff"]


@pytest.mark.parametrize("form", IRIS)
@pytest.mark.parametrize("several", [False, True], ids=["one", "a list"])
def test_values_by_every_form_of_their_address(pages: Any, nothing: Any, form: str, several: bool):
    def of(word: str) -> Any:
        value: Any = form.format(word)
        return [value] if several else value

    page = pages.policy(
        merchantReturnDays=nothing,
        returnPolicyCategory=of("MerchantReturnUnlimitedWindow"),
        returnMethod=[form.format("ReturnAtKiosk"), {"@id": form.format("ReturnByMail")}],
        refundType=of("StoreCreditRefund"),
    )
    assert page.says(now="2026-12-01T12:00:00Z") == "accept"
    assert {"refund_method", "method"} <= {spec["rule"] for spec in page.rules}


def test_no_context_is_ever_fetched(pages: Any, monkeypatch: pytest.MonkeyPatch):
    def reached(*_: object) -> None:
        raise AssertionError("an import reached for the network")

    monkeypatch.setattr(socket, "create_connection", reached)
    monkeypatch.setattr(socket.socket, "connect", reached)
    page = pages.policy(
        sameAs="https://shop.example/policy", merchantReturnLink="https://shop.example/returns"
    )
    assert page.says() == "accept"
