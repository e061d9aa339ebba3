"""What checks find is told in the reader's language: nothing of it is left in English.

What stays as it is are names of keys, examples, and what was written in the file itself.
"""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date

import pytest

from kiosk.domain.policy.file import Mistake, read
from kiosk.domain.policy.file.diffing import differences
from kiosk.domain.policy.file.quantities import Unit
from kiosk.domain.policy.file.quantities import read as quantity
from kiosk.domain.sentences import Sentence, at
from kiosk.proofread import look_at
from kiosk.words import languages, words
from sync.central.importing import Wrong
from sync.central.reconcile import columns, csv_file, epcis_file

SAME = ("", "no")  # nothing to say otherwise, and Spanish for no
TODAY = date(2026, 5, 4)
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
    own = re.sub(r"\{\w+\}|\W", "", text.template)  # its own words, besides what fills it
    for language in OTHERS if own not in SAME else ():
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


RULE = '[[rules]]\nrule = "%s"\nid = "one"\n'
BAD_POLICIES = (
    "\xff",
    "rules = ",
    "a = 1\na = 2",
    "[where]\n",
    "rules = 1\nmore = 1",
    "rules = [1]",
    "merchant = 1",
    "merchant = [1]",
    "[[merchant]]\n[[merchant]]\nid = 'x'\nhue = 1\n[[merchant]]\nid = 'x'\nrules = 1",
    "where = 1\ncalendars = {a = 1}",
    "rules = []\n[where.a]\n[calendars.b]\nholidays = ['x']\nweekend = ['monday', 'moonday']",
    RULE % "windoww",
    RULE % "window" + 'days = "30"\nmonths = -1\nwhen = "nobody"\ncalendar = "none"',
    RULE % "window" + "days = true\nextend = [{from = 2026-11-01}, 1]",
    RULE % "window" + 'days = 0\nextend = [{from = "11-01", to = "12-24", until = 2026-01-31}]',
    RULE % "fee" + 'amount = "4,95 EUR"',
    RULE % "fee" + 'amount = "5 EUR"\nat_least = "5 GBP"',
    RULE % "fee" + "at_least = 7\nat_most = 5",
    RULE % "fee" + 'amount = 5\ncurrency = "euro"\nkind = ""',
    RULE % "refuse",
    RULE % "refuse" + "when = {}\nunless = {not = {}}",
    RULE % "refuse"
    + 'when = {value = {}, today = {}, answer = {}, unknown = "x", hour = {min = 9, max = 3}}',
    RULE % "refuse" + 'when = {category = [1], tag = ["a", "a"], final_sale = 1}',
    RULE % "allow_list",
    RULE % "allow_list" + 'rules = ["two"]\nwhen = {segment = "vip"}',
    RULE % "refund_method",
    RULE % "serial_limit" + "days = 3",
    RULE % "items",
    RULE % "items" + "at_least = 5\nat_most = 3",
    RULE % "returnless",
    RULE % "condition" + 'question = "strap"\naccept = ["a"]\nrefuse = ["a"]',
    RULE % "condition" + 'question = "strap"',
    RULE % "country",
    RULE % "country" + 'only = ["Germany"]\nnever = ["Germany"]',
    RULE % "method" + 'only = ["post"]',
    RULE % "window" + "days = 0",
    RULE % "window" + "days = 14\nlatest = 2020-01-01",
    RULE % "refuse" + "when = {hour = {min = 30}}",
    RULE % "refuse" + 'when = {all = [{category = "a"}, {category = "b"}]}',
    RULE % "refuse" + 'when = {answer = {wet = "yes"}, resolution = "gold", category = " a"}',
    RULE % "refuse" + "when = {today = {to = 2020-01-01}, ordered = {to = 2020-01-01}}",
    RULE % "staff" + RULE.replace("one", "two") % "allow",
    RULE % "window" + "days = 14\n" + RULE % "window" + "days = 20",
    RULE % "window" + "days = 14\n" + RULE.replace("one", "two") % "window" + "days = 20",
    RULE % "fee" + 'amount = "5 EUR"\n' + RULE.replace("one", "two") % "fee" + 'amount = "6 EUR"',
    RULE % "fee" + 'amount = "5 EUR"\n' + RULE.replace("one", "two") % "fee" + 'amount = "6 GBP"',
    RULE % "window" + 'days = 14\nwhen = {category = "shoes"}',
    "[[merchant]]\nid = 'x'\nname = 'X'\ntimezone = 'Mars'\ninstead = ['x']\nrules = []",
    "[[merchant]]\nid = 'x'\nrules = []\nreceipt = 1\nquestions = {condition = 1}\n"
    "theme = {light = {accent = '#fff', rose = 1, panel = '#000000'}, scheme = 'x'}",
)


BAD_TOML = (
    *("a", "a =", "a = 'x", "a = 1 2", "a = 1\na = 2", "[a]\n[a]", "a = [1", "a = {b = 1"),
    *("[a", "[[a]", "= 1", "a = {b = 1, b = 2}", 'a = "\\q"', 'a = "\x01"', 'a = """b'),
)


@pytest.mark.parametrize("text", BAD_TOML)
def test_what_is_no_toml(text):
    found = read(text.encode(), "policy.toml")
    assert isinstance(found, Mistake)
    in_every_language(found.problem)
    assert isinstance(found.problem.fields["error"], Sentence), found.problem


@pytest.mark.parametrize("text", BAD_POLICIES)
def test_a_policy_file(text):
    found = read(text.encode("latin-1"), "policy.toml")
    told = (found,) if isinstance(found, Mistake) else look_at(found, text, TODAY).mistakes
    assert told
    for one in told:
        for said in filter(None, (one.problem, one.remedy)):
            in_every_language(said)


def test_what_two_versions_say_differently():
    was = {"rule": "window", "id": "w", "days": 14, "when": {"category": ["a", "b"]}}
    now = {"rule": "window", "id": "w", "months": 2, "when": {"category": ["b", "c"]}}
    fee = {"rule": "fee", "id": "f", "amount": 495, "currency": "EUR"}
    told = list(differences([was], [now, fee]))
    details = [line for one in told for line in one.details]
    assert "when.category: also c, no longer a" in details
    for line in details:
        in_every_language(line)
    said = [words("de").sentence(line) for line in details]
    assert {"days: nicht mehr 14 Tage", "months: jetzt 2 Monate", "amount: 4.95 EUR"} <= set(said)
