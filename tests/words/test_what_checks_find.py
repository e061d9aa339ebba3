"""What checks find is told in the reader's language: nothing of it is left in English.

What stays as it is are names of keys, examples, and what was written in the file itself.
"""

from __future__ import annotations

import copy
import pickle
import re

import pytest

from kiosk.domain.policy.file.quantities import Unit
from kiosk.domain.policy.file.quantities import read as quantity
from kiosk.domain.sentences import Sentence, at
from kiosk.words import languages, words
from sync.central.importing import Wrong
from sync.central.reconcile import columns, csv_file, epcis_file

OTHERS = sorted(set(languages()) - {"en"})
MAP = columns.read_text(
    'source = "hub:north"\nkind = "hub_received"\n'
    '[columns]\nsource_id = "Scan"\ntold_at = "Time"\nbag_id = "Label"\ncount = "Pieces"\n'
    'amount = "Sum"\nkind = "What"\n'
)
HEAD = "Scan,Time,Label,Pieces,Sum,What\n"


def in_every_language(text: str) -> None:
    """It is said otherwise in each, and so is every sentence within it."""
    assert isinstance(text, Sentence), text
    own = re.sub(
        r"\{\w+\}|\W", "", text.template
    )  # words of its own, besides what it is filled with
    for language in OTHERS if own else ():
        assert words(language).sentence(text) != text, (language, text)
    for part in text.fields.values():
        if isinstance(part, Sentence):
            in_every_language(part)


def test_a_sentence_is_english_until_somebody_else_reads_it():
    found = at("delimiter", Sentence("is one character"))
    assert found == "delimiter: is one character"
    assert words("de").sentence(found) == "delimiter: ist ein einzelnes Zeichen"
    assert words("en").sentence(found) == found
    assert words("de").sentence("what a library says") == "what a library says"


def test_a_sentence_is_copied_with_what_it_is_made_of():
    found = at("kind", Sentence("there is nothing called {name}", name="'{x}'"))
    for same in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert words("fr").sentence(same) == words("fr").sentence(found) != found


def test_in_arabic_a_key_keeps_an_order_of_its_own():
    found = words("ar").sentence(at("told_at", Sentence("is needed")))
    assert "\u2068told_at\u2069" in found


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("text", ["1,5", "much", "5", "0.0001 kg", "1.234 EUR", "5 XXX", "4 EUR 5"])
def test_a_quantity_that_cannot_be_read(text, unit):
    found = quantity(text, unit)
    if isinstance(found, str):
        in_every_language(found)


BAD_ROWS = (
    "Scan,Time\n",
    HEAD + '1,2026-05-04,"B"x,1,,\n',
    HEAD + "1,2026-05-04\n",
    HEAD + "1,yesterday,B,1,,\n",
    HEAD + "1,2026-05-04,B,many,,\n",
    HEAD + "1,2026-05-04,B,1,12,\n",
    HEAD + "1,2026-05-04,B,1,,LOST\n",
    HEAD + ",2026-05-04,B,1,,\n",
    HEAD + "1,2026-05-04,,1,,\n",
    HEAD + "1,2026-05-04,,1,,graded\n",
    HEAD + "1,2026-05-04,,1,,contained\n",
    HEAD + "1,2026-05-04,,1,,handed_over\n",
    HEAD + "1,2026-05-04,,1,,refunded\n",
    HEAD + f"{'1' * 300},2026-05-04,B,1,,\n",
)


@pytest.mark.parametrize("text", BAD_ROWS)
def test_a_line_of_a_partners_file(tmp_path, text):
    path = tmp_path / "scans.csv"
    path.write_text(text, "utf-8")
    [wrong] = [one for _, one in csv_file.rows(path, MAP) if isinstance(one, Wrong)]
    for said in filter(None, (wrong.problem, wrong.remedy)):
        in_every_language(said)


EVENT = '{"epcisBody": {"eventList": [%s]}}'
BAD_EVENTS = (
    "{",
    "[]",
    EVENT % "1",
    EVENT % '{"eventTime": "2026-05-04T18:00Z"}',
    EVENT % '{"eventID": "x", "eventTime": "2026-05-04"}',
    EVENT % '{"eventID": "x", "eventTime": "2026-05-04T18:00Z", "type": "AggregationEvent", '
    '"action": "ADD"}',
    EVENT % '{"eventID": "x", "eventTime": "2026-05-04T18:00Z", "type": "AggregationEvent", '
    '"action": "ADD", "parentID": "x", "childEPCs": ["https://a.example/container/1"]}',
)


@pytest.mark.parametrize("text", BAD_EVENTS)
def test_an_event_of_a_partners_file(tmp_path, text):
    path = tmp_path / "events.json"
    path.write_text(text, "utf-8")
    [wrong] = [one for _, one in epcis_file.rows(path, MAP) if isinstance(one, Wrong)]
    for said in filter(None, (wrong.problem, wrong.remedy)):
        in_every_language(said)


BAD_MAPS = (
    "source = ",
    "source = 1",
    "sauce = 'x'",
    "source = 'x'\nzzzzzzz = 'x'",
    "source = 'x'\n[columns]\nbag = 'B'",
    "source = 'x'\nkind = 'x'",
    "source = 'x'\ngoods = 'x'",
    "source = 'x'\ntime_format = '%z'",
    "source = 'x'\ndelimiter = ';;'",
    "source = 'x'\ntimezone = 'Mars'",
    "source = ''",
    "source = 'x'",
    "source = 'x'\n[columns]\nsource_id = 'S'\ntold_at = 'T'",
)


@pytest.mark.parametrize("text", BAD_MAPS)
def test_a_map_of_columns(text):
    found = columns.read_text(text)
    assert isinstance(found, str)
    in_every_language(found)
