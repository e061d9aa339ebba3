"""All pages in all languages, in light and dark, wide and narrow, and as on the first day."""

from __future__ import annotations

import pytest

from kiosk.words import languages
from tests.pages.chromium import Heard, axe, too_wide, visitor
from tests.pages.shots import SCHEMES, WIDTHS, looks_of
from tests.pages.walk import pages


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", languages())
def test_no_dress_keeps_anybody_out(browser, world, language, scheme, width):
    wrong = []
    for name, cookie in {"": "", **world.cookies}.items():
        look = {"language": language, "scheme": scheme, "width": width}
        with visitor(browser, world.url, cookie=cookie, **look) as context:
            tab = context.new_page()
            heard = Heard(tab, world.url)
            for page in pages():
                if name not in looks_of(page):
                    continue
                answer = tab.goto(page.address(world.ids))
                assert answer.status == page.status, page.route
                assert tab.get_attribute("html", "lang") == language
                found = [*axe(tab), *heard.wrong]
                if too_wide(tab) > 0:
                    found.append(f"{too_wide(tab)} px too wide")
                wrong += [f"{page.route} ({name or 'nobody'}): {one}" for one in found]
                heard.wrong.clear()
    assert wrong == []
