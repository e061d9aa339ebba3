"""A merchant's look in a policy file: places, remedies, and what the schema says of it."""

from __future__ import annotations

import tomllib

import jsonschema
import pytest

from kiosk import house
from kiosk.domain.policy.file import compile_file, read
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.file.schema import schema
from kiosk.domain.policy.file.shops import look_mistakes, look_of, look_warnings

MERCHANT = '[[merchant]]\nid = "oak"\n[[merchant.rules]]\nrule = "allow"\nid = "all"\n'
SECOND = MERCHANT.replace("oak", "ash")
SCHEMA = jsonschema.Draft202012Validator(schema())


def mistakes(text):
    source = read(text.encode(), "shop.toml")
    return look_mistakes(source, compile_file(source), house.schemes())


def with_look(look):
    """A file of two merchants, the second of which looks so; its look begins in line 12."""
    return f"{MERCHANT}{SECOND}\n{look}"


@pytest.mark.parametrize(
    ("look", "line", "said", "remedy"),
    [
        ('[merchant.receipt.header]\nen = ["a\\u0007"]', 13, "header.en[0]: holds", "take it out"),
        ('[merchant.receipt.header]\nEnglish = ["a"]', 13, "language's tag", "pt-BR"),
        ("[merchant.receipt]\nheader = 5", 13, "receipt.header: must be an object", "a table"),
        ('[merchant.theme.light]\naccent = "#FFFF00"', 13, "contrast of 1.1", "darker"),
        ('[merchant.theme.light]\ncritical = "#00FF00"', 13, "must be one of", "never what"),
        ("[merchant.theme.logo]\nwidth = 0", 13, "theme.logo.width", ""),
        ("[merchant.questions.strap]\nask = { en = 5 }", 13, "questions.strap.ask.en", ""),
        ('[merchant.questions.refund_method]\nask = { en = "?" }', 12, "words itself", ""),
    ],
)
def test_a_mistake_has_its_line_its_merchant_and_a_remedy(look, line, said, remedy):
    found = mistakes(with_look(look))
    first = found[0]
    assert (first.line, first.rule) == (line, "ash")
    assert said in first.problem
    assert remedy in first.remedy


def test_a_theme_by_name_is_no_look():
    assert look_of({"theme": "northwind", "name": "Oak", "receipt": {}}) == {"receipt": {}}
    named = MERCHANT.replace('id = "oak"', 'id = "oak"\ntheme = "northwind"')
    assert mistakes(named) == []
    assert SCHEMA.is_valid(tomllib.loads(named))


@pytest.mark.parametrize(
    ("look", "good"),
    [
        ('[merchant.receipt.header]\nen = ["Since 1962"]\npt-BR = "Desde 1962"', True),
        ('[merchant.receipt.header]\nEnglish = ["a"]', False),
        ("[merchant.receipt.footer]\nen = []", False),
        ("[merchant.receipt.heading]\nen = []", False),
        (f'[merchant.receipt.support]\nen = "{"x" * 81}"', False),
        ('[merchant.theme]\nscheme = "dark"\nlight.accent = "#4B2A86"', True),
        ('[merchant.theme]\nlight.critical = "#4B2A86"', False),
        ('[merchant.theme]\nlight.accent = "purple"', False),
        ('[merchant.theme.logo]\nwidth = 9\nheight = 9\npaths = ["M0 0H9V9Z"]', True),
        ('[merchant.theme.logo]\nwidth = 9\nheight = 9\npaths = ["M1e9"]', False),
        ("[merchant.theme.logo]\nwidth = 9\nheight = 9", False),
        ('[merchant.questions.strap]\nask = { en = "?" }\nanswers.yes = { en = "Yes" }', True),
        ('[merchant.questions.strap]\nanswers.yes = { en = "Yes" }', False),
        ('[merchant.questions.refund_method]\nask = { en = "?" }', False),
    ],
)
def test_editors_are_told_the_same_as_the_command(look, good):
    text = with_look(look)
    assert SCHEMA.is_valid(tomllib.loads(text)) == good
    assert (mistakes(text) == []) == good


@pytest.mark.parametrize(("points", "warned"), [(900, []), (1100, [15])])
def test_a_logo_too_heavy_for_receipts_is_a_warning(points, warned):
    half = "M0 0" + "L9 9" * (points // 2)
    logo = f'[merchant.theme.logo]\nwidth = 9\nheight = 9\npaths = ["{half}", "{half}"]'
    text = with_look(logo)
    source = read(text.encode(), "shop.toml")
    found = look_warnings(source, compile_file(source), house.schemes())
    assert mistakes(text) == []
    assert [one.line for one in found] == warned
    for one in found:
        assert (one.level, one.rule) == (Level.WARNING, "ash")
        assert one.problem.startswith(f"theme.logo.paths: holds {2 * len(half)} characters")
