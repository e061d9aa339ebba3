"""Somebody's day at the back office, in a browser whose scripts are off."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import expect

from sync.central.tables import cases
from tests.pages.chromium import Heard, visitor
from tests.pages.world import PASSWORD

RULES = """[[merchant]]
id = "linden"
name = "Linden & Row"
timezone = "Europe/Berlin"

[[merchant.rules]]
rule = "window"
id = "days"
days = "14 days"
"""


@pytest.fixture(scope="module")
def desk(browser, world):
    """A tab of somebody who has just signed in with password and second factor."""
    with visitor(browser, world.url, scripts=False) as context:
        tab = context.new_page()
        heard = Heard(tab, world.url)
        tab.goto("/cases")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in to the back office")
        tab.get_by_label("Name").fill("cora")
        tab.get_by_label("Password").fill(PASSWORD)
        tab.get_by_role("button", name="Sign in").click()
        world.centre.clock.advance(seconds=30)  # a code opens once
        tab.get_by_role("textbox").fill(world.telephone.code())
        tab.get_by_role("textbox").press("Enter")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Today at a glance")
        yield tab
        assert heard.wrong == []


def test_a_case_is_taken_and_settled(desk, world):
    desk.get_by_role("navigation").get_by_role("link", name="Cases").click()
    desk.get_by_label("Kind").select_option("missing")
    desk.get_by_role("button", name="Show").click()
    desk.get_by_role("link", name="Something is missing").click()
    desk.get_by_role("button", name="Take it").click()
    desk.get_by_label("It was found").check()
    desk.get_by_label("Why").fill("Behind the shelf.")
    desk.get_by_role("button", name="Settle", exact=True).click()
    expect(desk.get_by_text("cora settled the case.")).to_be_visible()
    expect(desk.get_by_text("Behind the shelf.")).to_be_visible()
    [row] = world.centre.rows(cases, kind="missing", state="settled")
    assert (row["owner"], row["resolution"]) == ("cora", "found")


def test_a_form_that_lacks_something_keeps_what_was_typed(desk):
    desk.goto("/cases?kind=extra")
    desk.get_by_role("link", name="Something came that nobody promised").click()
    comment = desk.get_by_label("Comment")
    comment.fill(" ")
    desk.get_by_role("button", name="Write it down").click()
    expect(comment).to_have_accessible_description("Write a few words: why?")
    expect(comment).to_be_focused()
    expect(desk).to_have_title(re.compile("^Error: "))


def test_a_month_of_drops_is_taken_away_as_a_file(desk, world, tmp_path):
    desk.get_by_role("navigation").get_by_role("link", name="Files").click()
    desk.get_by_label("First day").fill("2026-04-06")
    with desk.expect_download() as coming:
        desk.get_by_role("button", name="Download").click()
    coming.value.save_as(tmp_path / "drops.csv")
    with (tmp_path / "drops.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["return_id"] for row in rows} >= {"RMA-1", "RMA-6", "RMA-000001"}
    [rich] = [row for row in rows if row["drop_id"] == world.ids["drop_id"]]
    assert rich["bag_id"] == "TB0000000011"


def test_rules_are_drafted_checked_and_published(desk):
    desk.goto("/policy/draft")
    desk.get_by_label("Policy file (TOML)").fill(RULES)
    desk.get_by_role("button", name="Save and check").click()
    desk.get_by_role("link", name="Publish").click()
    desk.get_by_label("Every kiosk").check()
    desk.get_by_label("What it is for").fill("Two weeks from May on")
    desk.get_by_role("button", name="Publish").click()
    desk.get_by_role("navigation").get_by_role("link", name="Policy").click()
    expect(desk.get_by_text("Two weeks from May on").first).to_be_visible()


def test_what_is_searched_for_is_found_from_any_page(desk):
    desk.goto("/kiosks")
    find = desk.get_by_role("search").get_by_role("searchbox").first
    find.fill("TB0000000013")
    find.press("Enter")
    expect(desk.get_by_text("RMA-3").first).to_be_visible()


def test_whoever_signs_out_is_out(browser, world):
    with visitor(browser, world.url, cookie=world.cookies["vera"], scripts=False) as context:
        tab = context.new_page()
        tab.goto("/")
        tab.get_by_role("button", name="Sign out").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in to the back office")
        tab.goto("/drops")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in to the back office")
