"""Every shipped language says everything, with the same placeholders, nothing guessed."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from kiosk.words import catalogue, gather

SHIPPED = sorted(catalogue.FOLDER.glob("*.po"))
PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Fee of {fee}"
msgstr "%s"

msgid "{n} bag"
msgid_plural "{n} bags"
msgstr[0] "%s"
msgstr[1] "%s"
"""


@pytest.fixture(scope="module")
def template():
    return gather.gather()


@pytest.fixture
def small():
    catalog = Catalog()
    catalog.add("Fee of {fee}")
    catalog.add(("{n} bag", "{n} bags"))
    return catalog


def test_every_shipped_language_is_complete(template):
    missing = [problem for po in SHIPPED for problem in gather.problems(po, template)]
    assert missing == []


def test_no_shipped_language_keeps_sentences_nobody_says(template):
    from babel.messages.pofile import read_po

    for po in SHIPPED:
        with po.open("rb") as file:
            said = {message.id for message in read_po(file, locale=po.stem) if message.id}
        assert said <= {message.id for message in template}, po.name


def test_a_sentence_is_found_however_its_speaker_is_called(tmp_path):
    folder = tmp_path / "kiosk"
    folder.mkdir()
    said = 't("One")\nself._t("Two")\nwords.t("Three")\nwords.n("{n} bag", "{n} bags", 4)\n'
    (folder / "speaking.py").write_text(said)
    found = {message.id for message in gather.gather(tmp_path) if message.id}
    assert found == {"One", "Two", "Three", ("{n} bag", "{n} bags")}


def test_the_sentences_of_core_and_pages_are_found(template):
    ids = {m.id if isinstance(m.id, str) else m.id[0] for m in template if m.id}
    assert "This bag already belongs to another return." in ids
    assert "Refund expected" in ids


def test_every_sentence_has_named_placeholders_that_pair(template):
    for message in template:
        for text in gather._texts(message.id or ""):
            assert all(re.fullmatch(r"[a-z]+", name) for name in gather.placeholders(text)), text


CHECKS = ("kiosk/domain/", "kiosk/proofread/")  # read at a desk, by who writes the rules


def test_the_shoppers_sentences_have_at_most_twelve_words(template):
    for message in template:
        places = [place for place, _ in message.locations if not place.startswith(CHECKS)]
        if any(place.startswith(("kiosk/", "ui/")) for place in places):
            for text in gather._texts(message.id or ""):
                for sentence in re.split(r"(?<=[.?!:]) ", text):
                    assert len(sentence.split()) <= 12, sentence


def check(tmp_path, small, *texts):
    po = tmp_path / "es.po"
    po.write_text(PO % texts, "utf-8")
    return gather.problems(po, small)


def test_a_complete_file_has_no_problems(tmp_path, small):
    assert check(tmp_path, small, "Tasa de {fee}", "{n} bolsa", "{n} bolsas") == []
    assert check(tmp_path, small, "Tasa de {fee}", "una bolsa", "{n} bolsas") == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("", "{n} bolsa", "{n} bolsas"), "not translated"),
        (("Tasa de {fee}", "{n} bolsa", ""), "not translated"),
        (("Tasa", "{n} bolsa", "{n} bolsas"), "placeholders differ"),
        (("Tasa de {tasa}", "{n} bolsa", "{n} bolsas"), "placeholders differ"),
        (("Tasa de {fee", "{n} bolsa", "{n} bolsas"), "broken placeholders"),
        (("Tasa de {fee}", "{n} bolsa", "{m} bolsas"), "placeholders differ"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, small, texts, said):
    problems = check(tmp_path, small, *texts)
    assert len(problems) == 1
    assert said in problems[0]


def test_a_guess_is_named(tmp_path, small):
    po = tmp_path / "es.po"
    guessed = PO.replace('msgid "Fee', '#, fuzzy\nmsgid "Fee')
    po.write_text(guessed % ("Tasa de {fee}", "{n} bolsa", "{n} bolsas"), "utf-8")
    assert "only guessed" in gather.problems(po, small)[0]


def test_gathering_keeps_translations_drops_the_rest_and_settles(tmp_path, small):
    po = tmp_path / "es.po"
    gone = '\nmsgid "Nobody says this"\nmsgstr "Nadie"\n'
    po.write_text(PO % ("Tasa de {fee}", "", "") + gone, "utf-8")
    gather.update(po, small)
    first = po.read_text("utf-8")
    assert "Tasa de {fee}" in first
    assert "Nadie" not in first
    assert len(gather.problems(po, small)) == 1
    gather.update(po, small)
    assert po.read_text("utf-8") == first


def test_a_new_language_begins_with_its_own_plural_forms(tmp_path, small, template, monkeypatch):
    monkeypatch.setattr(gather, "gather", lambda: template)  # the whole product is read only once
    po = tmp_path / "ar.po"
    gather.update(po, small)
    assert "nplurals=6" in po.read_text("utf-8")
    assert gather.main(["--check", "--folder", str(tmp_path)]) == 1
