"""docs/api.md: every request on it is made, in its order, and every limit it names holds."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from sync.central.rest import feed, limits, posting, sender, serving
from sync.central.rest.problems import STATUS, Kind
from tests.sync.conftest import DATABASES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text("utf-8")


def requested(line, stand_ins):
    """A line of curl as (method, address, headers, body)."""
    for name, value in stand_ins.items():
        line = line.replace(f"${name}", value)
    words = shlex.split(line)[1:]
    method, url, headers, body = "GET", "", {}, None
    while words:
        word = words.pop(0)
        match word:
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0)
            case _:
                url = word
    return method, url, headers, body


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
@pytest.mark.usefixtures("kiosk")  # the site that parcels are announced to
def test_its_requests_do_what_the_page_says(shops, called):
    keys = {"KEY": called(), "HUB": called("hub:north"), "CARRIER": called("carrier:dpx")}
    stand_ins = {"CENTRE": shops.url, **{name: one.token for name, one in keys.items()}}
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]
    assert len(lines) == 12
    for line in lines:
        method, url, headers, body = requested(line, stand_ins)
        told = requests.request(method, url, headers=headers, data=body, timeout=10)
        assert told.ok, (line, told.text)


def test_what_it_names_is_what_there_is():
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d+) \|$", PAGE, re.MULTILINE))
    assert rows == {kind.value: str(STATUS[kind]) for kind in Kind}
    assert "Types: " + ", ".join(f"`{one}`" for one in feed.TYPES) in PAGE
    pace = limits.USUAL
    assert pace.per == timedelta(seconds=1)
    assert f"{pace.burst} times at once and {pace.count} times a second" in PAGE
    assert limits.PORTION == 10
    assert f"within {posting.DEADLINE_S:.0f} seconds" in PAGE
    assert f"after {sender.FIRST_PAUSE.seconds} s" in PAGE
    assert f"up to {sender.LONGEST_PAUSE.seconds // 3600} hours" in PAGE
    assert f"after {sender.DEAD_AFTER.days} days" in PAGE
    assert serving.REMEMBERED.days == 1
    assert serving.LONGEST_IDEMPOTENCY_KEY == 200
