"""Every page of the back office, as its own router names them, in a real browser: nothing that
axe-core finds, every control by keyboard, in dark, narrow and from right to left, and no word to
anybody else."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.pages.chromium import Heard, axe, by_keyboard, too_wide, visitor
from tests.pages.walk import pages, unknown

PAGES = pages()


@pytest.fixture(scope="module")
def seen_by(browser, world):
    """Somebody's tab, and what was heard of it since: one for each person, as one costs less than
    a tab for each page."""
    with ExitStack() as open_ones:
        tabs = {}

        def see(who):
            if who not in tabs:
                context = visitor(browser, world.url, cookie=world.cookies.get(who, ""))
                tab = open_ones.enter_context(context).new_page()
                tabs[who] = tab, Heard(tab, world.url)
            tab, heard = tabs[who]
            tab.emulate_media(color_scheme="light")
            tab.set_viewport_size({"width": 1280, "height": 900})
            heard.wrong.clear()
            return tab, heard

        yield see


def test_the_walk_knows_every_parameter():
    """A new page with a parameter belongs into EXAMPLES there, one without a page into
    NOT_PAGES."""
    assert unknown() == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_a_page_keeps_nobody_out(page, seen_by, world):
    tab, heard = seen_by(page.who)
    answer = tab.goto(page.address(world.ids))
    assert (answer.status, answer.headers["content-type"]) == (
        page.status,
        "text/html; charset=utf-8",
    )
    assert axe(tab) == []
    assert by_keyboard(tab) == []
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size({"width": 390, "height": 800})
    assert too_wide(tab) <= 0
    tab.evaluate("() => document.documentElement.dir = 'rtl'")
    assert too_wide(tab) <= 0
    assert axe(tab, ["target-size", "color-contrast"]) == []
    assert heard.wrong == []
