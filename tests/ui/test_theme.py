"""Colours keep their contrast in every theme; a missing theme never darkens a kiosk."""

from __future__ import annotations

import pytest

from kiosk.domain.look.colours import PAIRS, ROLES, contrast
from ui.theme import ASSETS, load

THEMES = sorted(path.stem for path in (ASSETS / "themes").glob("*.toml"))


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("name", THEMES)
def test_every_pair_of_roles_has_its_contrast(name: str, scheme: str) -> None:
    roles = load(name).schemes[scheme]
    assert set(roles) == set(ROLES)
    for front, ground, least in PAIRS:
        wanted = 7.0 if scheme == "contrast" and least >= 4.5 else least
        got = contrast(roles[front], roles[ground])
        assert got >= wanted, f"{front} on {ground} in {name}/{scheme}: {got:.2f}"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#FFFFFF", "#777777") == contrast("#777777", "#FFFFFF")


@pytest.mark.parametrize("name", ["nobody", "", "../secrets", "a/b"])
def test_a_theme_that_is_not_there_is_the_default(name: str) -> None:
    assert load(name) == load("takeback")


def test_a_merchant_changes_its_accent_and_never_a_meaning() -> None:
    ours, theirs = load("takeback").roles(False), load("northwind").roles(False)
    assert ours["accent"] != theirs["accent"]
    for role in ("positive", "caution", "critical", "info"):
        assert ours[role] == theirs[role]
