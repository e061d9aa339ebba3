"""A language is one .po file: found, compiled, kept by content, and English without one."""

from __future__ import annotations

import pytest

from kiosk.domain.reasons import Reason, Why
from kiosk.words import Library, catalogue, languages, words

SPANISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "This code is not valid yet."
msgstr "{greeting}"

msgid "{n} bag"
msgid_plural "{n} bags"
msgstr[0] "{n} bolsa"
msgstr[1] "{n} bolsas"

#, fuzzy
msgid "Yes"
msgstr "Tal vez"
""".replace("{greeting}", "Este código aún no vale.")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "i18n"
    place.mkdir()
    (place / "es.po").write_text(SPANISH, "utf-8")
    return place


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "words"


def test_a_po_file_is_all_a_language_needs(folder, cache):
    library = Library(folder, cache)
    spanish = library.words("es")
    assert spanish.reason(Reason(Why.CODE_NOT_YET_VALID)) == "Este código aún no vale."
    assert spanish.n("{n} bag", "{n} bags", 2) == "2 bolsas"
    assert library.languages() == {"en": "English", "es": "Español"}


def test_what_is_not_translated_is_english_and_a_guess_is_not_used(folder, cache):
    spanish = Library(folder, cache).words("es")
    assert spanish.answer("complete", "yes") == "Yes"
    assert spanish.reason(Reason(Why.BAG_IN_USE)).startswith("This bag")


def test_a_region_speaks_its_parent_and_keeps_its_amounts(folder, cache):
    mexican = Library(folder, cache).words("es_MX")
    assert mexican.language == "es-MX"
    assert mexican.reason(Reason(Why.CODE_NOT_YET_VALID)) == "Este código aún no vale."


@pytest.mark.parametrize("language", ["tlh", "", "de"])
def test_a_language_without_a_file_speaks_english_and_says_so(folder, cache, language):
    spoken = Library(folder, cache).words(language)
    assert (spoken.language, spoken.right_to_left) == ("en", False)


def test_it_is_compiled_once_and_kept(folder, cache, monkeypatch):
    Library(folder, cache).words("es")
    assert len(list(cache.glob("es-*.mo"))) == 1

    def compiled_again(source):
        raise AssertionError("compiled again")

    monkeypatch.setattr(catalogue, "_compile", compiled_again)
    again = Library(folder, cache).words("es")
    assert again.n("{n} bag", "{n} bags", 1) == "1 bolsa"


def test_a_changed_file_is_never_served_old(folder, cache):
    Library(folder, cache).words("es")
    (folder / "es.po").write_text(SPANISH.replace("aún no", "todavía no"), "utf-8")
    changed = Library(folder, cache).words("es")
    assert changed.reason(Reason(Why.CODE_NOT_YET_VALID)) == "Este código todavía no vale."


@pytest.mark.parametrize("damage", [b"", b"junk", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_a_damaged_cache_is_made_anew(folder, cache, damage):
    Library(folder, cache).words("es")
    kept = next(cache.glob("es-*.mo"))
    kept.write_bytes(damage)
    assert Library(folder, cache).words("es").n("{n} bag", "{n} bags", 2) == "2 bolsas"
    assert kept.read_bytes() != damage


def test_a_cache_that_cannot_be_written_only_costs_time(folder, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("no folder")
    spoken = Library(folder, blocked / "words").words("es")
    assert spoken.n("{n} bag", "{n} bags", 2) == "2 bolsas"
    assert Library(folder, None).words("es").n("{n} bag", "{n} bags", 2) == "2 bolsas"


def test_the_cache_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert catalogue.default_cache() == tmp_path / "takeback" / "words"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert catalogue.default_cache() == tmp_path / ".cache" / "takeback" / "words"


def test_english_is_always_there():
    assert languages()["en"] == "English"
    assert words("en").languages() == languages()
