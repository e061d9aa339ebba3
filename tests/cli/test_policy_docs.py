"""docs/policy.md: its files are good, and its commands do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policy.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def written(shop, tmp_path, monkeypatch):
    """The page's own files, where its commands look for them, on a kiosk."""
    policy, once, facts = blocks("toml")
    (tmp_path / "shop.toml").write_text(policy, "utf-8")
    (tmp_path / "once.toml").write_text(once, "utf-8")
    (tmp_path / "old.toml").write_text(policy.replace("30 days", "14 days"), "utf-8")
    (tmp_path / "return.toml").write_text(facts, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAKEBACK_SETTINGS", shop.settings)


@pytest.mark.usefixtures("written")
def test_its_policy_is_good_and_does_what_it_says(takeback):
    takeback("policy", "check", "shop.toml", "--strict").says(0, "3 rules, 0 problems")
    takeback("policy", "explain", "--file", "shop.toml", "--facts", "return.toml").says(
        0,
        "Boots × 1\n  Accepted, with a fee\n  The shopper reads: You get €48.65 back",
        "a fee of €1.25",
    )


FAULTY = '\n[[line]]\nname = "Hat"\nprice = "9.90 EUR"\nreason = "faulty"\n'


@pytest.mark.usefixtures("written")
def test_one_faulty_line_frees_the_return_or_itself(takeback, tmp_path):
    """As the page says: by a fee of 0 the whole return, by `unless` the faulty line alone."""
    window = blocks("toml")[0].partition('[[rules]]\nrule = "fee"')[0].replace("calendar", "#")
    window = window.replace('unless = "faulty"\n', "").replace('when = "faulty"\n', "")
    (tmp_path / "two.toml").write_text(blocks("toml")[2] + FAULTY)

    def fees(rules):
        (tmp_path / "both.toml").write_text(window + rules)
        call = ("policy", "explain", "--file", "both.toml", "--facts", "two.toml", "--json")
        return [one["decision"]["fee"]["minor"] for one in takeback(*call).says(0).json["lines"]]

    once = (tmp_path / "once.toml").read_text()
    assert fees(once) == [0, 0]
    post = once.partition("\n[[rules]]")[0].replace("\n[[rules]]", "")
    assert fees(f'{post}\nunless = {{ reason = "faulty" }}\n') == [495, 0]


@pytest.mark.usefixtures("written")
def test_its_commands_run(takeback, shop):
    """All of them, in the order of the page; the return's id is one of this kiosk's."""
    codes = {"diff": 1}
    called = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(called) == 8
    for line in called:
        words = shlex.split(line.replace("RMA-12345678", shop.drop.return_id))[1:]
        takeback(*words).says(codes.get(words[1], 0))
