"""Each language is set by its own rules: spaces, quotation marks, apostrophes, commas."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from kiosk.ports import Trouble
from kiosk.words import catalogue, gather, words


def said(language: str) -> list[str]:
    """Every form of every sentence, with a 0 for whatever is filled in."""
    with (catalogue.FOLDER / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    texts = [text for m in catalog if m.id for text in gather._texts(m.string)]
    return [re.sub(r"\{[a-z]+\}", "0", text) for text in texts]


def offending(language: str, pattern: str) -> list[str]:
    return [text for text in said(language) if re.search(pattern, text)]


def test_french_signs_stand_apart_and_never_begin_a_line():
    assert offending("fr", "(?<![\u202f\u00a0])[?!;:»]") == []
    assert offending("fr", "«(?!\u00a0)") == []


def test_french_has_its_own_apostrophes_and_quotation_marks():
    assert offending("fr", "['\"“”]") == []


def test_arabic_has_its_own_signs_close_to_the_word():
    assert offending("ar", "[?,;'\"“”]") == []
    assert offending("ar", r"\s[؟،؛:.!]") == []


def test_arabic_sentences_write_numbers_as_amounts_and_dates_do():
    assert offending("ar", "[٠-٩۰-۹]") == []


def test_arabic_sentences_hold_no_latin_word_but_names_of_codes_and_files():
    names = "QR|EPCIS|JSON-LD|CSV|XLSX"
    assert offending("ar", rf"(?<![A-Z-])(?!(?:{names})\b)[A-Z]{{2}}|[a-z]") == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_sentence_has_a_space_to_spare(language):
    assert offending(language, r"^\s|\s$|\s\s") == []


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_a_sentence_names_a_key_as_it_reads(language):
    spoken = words(language)
    assert spoken.t("No code?") in spoken.trouble_step(Trouble.SCANNER_ABSENT)
