"""What a merchant may say of its receipts, colours, logo and questions, and what is left out."""

from __future__ import annotations

import pytest

from kiosk import house
from kiosk.domain.look import Asked, Lines, Logo, Look, Theme, read
from kiosk.domain.look.printable import unprintable
from kiosk.domain.look.reading import MAX_WEIGHT

MARK = {"width": 240, "height": 80, "paths": ["M0 0H240V80H0Z"]}


def look(**told):
    return read(told, house.schemes())


def test_nothing_said_is_the_houses_look():
    assert look() == (Look(), ())


def test_all_of_it():
    found, wrong = look(
        receipt={
            "header": {"de": ["Seit 1962", "Hamburg"], "en": "Since 1962"},
            "support": {"en": "+49 40 1234"},
        },
        theme={"light": {"accent": "#4B2A86"}, "logo": MARK},
        questions={
            "strap": {
                "ask": {"en": "Is the strap here?"},
                "answers": {"yes": {"en": "Yes, the strap is here"}},
            }
        },
    )
    assert wrong == ()
    assert found.receipt.header.exactly("de-AT") == ("Seit 1962", "Hamburg")
    assert found.receipt.support.anyhow("fr") == ("+49 40 1234",)
    assert found.receipt.footer == Lines()
    assert found.theme == Theme(
        "", (("accent", "#4B2A86"),), (), Logo(240, 80, ("M0 0H240V80H0Z",))
    )
    strap = found.question("strap")
    assert strap.answer("yes").exactly("en") == ("Yes, the strap is here",)
    assert strap.answer("no") == Lines()
    assert found.question("buckle") is None


@pytest.mark.parametrize(
    ("language", "line"),
    [("de", "Danke"), ("de-CH", "Danke"), ("en", "Thanks"), ("fr", "Thanks"), ("ar", "Thanks")],
)
def test_a_line_is_told_in_the_shoppers_language_or_in_english(language, line):
    lines = Lines((("de", ("Danke",)), ("en", ("Thanks",))))
    assert lines.anyhow(language) == (line,)


def test_without_english_any_language_is_better_than_silence_and_never_passes_for_the_right_one():
    lines = Lines((("nl", ("Bedankt",)),))
    assert lines.anyhow("fr") == ("Bedankt",)
    assert lines.exactly("fr") == ()
    assert Lines().anyhow("fr") == ()


# --- what is left out ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Open 9-18 \x1bp\x00", "U+001B"),  # opens a drawer
        ("two\nlines", "U+000A"),
        ("price \u202e99", "U+202E"),  # turns what follows round
        ("\ufeffname", "U+FEFF"),
        ("private \ue000", "U+E000"),
        ("line\u2028end", "U+2028"),
        ("Z" + "\u0301" * 5, "more than 4 marks"),
        (" padded", "white space"),
        ("", ""),
        ("Grüße, 谢谢, شكرًا, ありがとう, नमस्ते, Việt Nam, שָׁלוֹם", ""),
        ("می\u200cخواهم", ""),  # Persian is not written without the non-joiner
    ],
)
def test_text_that_may_not_be_printed_says_why(text, why):
    assert why in unprintable(text)
    assert bool(unprintable(text)) == bool(why)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"header": {"en": "a\x07b"}}, "receipt.header.en[0]: holds U+0007"),
        ({"header": {"en": ["a", "b" * 61]}}, "receipt.header.en[1]: is longer than 60"),
        ({"header": {"en": ["1", "2", "3", "4", "5"]}}, "receipt.header.en: must be at most 4"),
        ({"header": {"English": "a"}}, "receipt.header.English: must be a language's tag"),
        ({"header": {"en": 5}}, "receipt.header.en: must be a text"),
        ({"header": "a"}, "receipt.header: must be an object"),
        ({"header": {f"a{chr(97 + n // 26)}{chr(97 + n % 26)}": "x" for n in range(41)}}, "40"),
        ({"heading": {"en": "a"}}, "receipt.heading: is not known here"),
    ],
)
def test_a_receipts_part_that_is_wrong_is_left_out_and_the_others_stay(told, problem):
    found, wrong = look(receipt={"footer": {"en": "Thanks"}, **told})
    assert len(wrong) == 1
    assert problem in wrong[0]
    assert found.receipt.header == Lines()
    assert found.receipt.footer.exactly("en") == ("Thanks",)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"light": {"accent": "#FFFF00"}}, "theme.light.accent: has a contrast of 1.1 with"),
        ({"dark": {"accent": "#111111"}}, "theme.dark.accent: has a contrast of"),
        ({"light": {"panel": "#000000"}}, "theme.light.panel: has a contrast of"),
        ({"light": {"critical": "#00FF00"}}, "theme.light.critical: must be one of panel"),
        ({"light": {"accent": "purple"}}, "theme.light.accent: must be a colour as"),
        ({"light": {"accent": "#4B2A8"}}, "theme.light.accent: must be a colour as"),
        ({"contrast": {"accent": "#4B2A86"}}, "theme.contrast: is not known here"),
        ({"scheme": "contrast"}, "theme.scheme: must be one of light, dark"),
        ({"logo": {**MARK, "width": 2001}}, "theme.logo.width: must be a whole number"),
        ({"logo": {**MARK, "width": 700}}, "theme.logo.width: must be half to six times"),
        ({"logo": {**MARK, "width": 30}}, "theme.logo.width: must be half to six times"),
        ({"logo": {**MARK, "paths": []}}, "theme.logo.paths: must be a list of 1 to 24"),
        ({"logo": {**MARK, "paths": ["H5"]}}, "theme.logo.paths[0]: must be SVG path data"),
        ({"logo": {**MARK, "paths": ['M0 0"/><image href="x']}}, "paths[0]: must be SVG path data"),
        ({"logo": {**MARK, "paths": ["M1e9 0"]}}, "paths[0]: must be SVG path data"),
        ({"logo": {**MARK, "paths": ["M123456 0"]}}, "more than five digits"),
        ({"logo": {**MARK, "paths": ["M0 0" + "L1 1" * 1000]}}, "1 to 4000 characters"),
    ],
)
def test_a_theme_that_is_wrong_anywhere_is_the_houses(told, problem):
    found, wrong = look(theme=told, receipt={"header": {"en": "Hello"}})
    assert any(problem in one for one in wrong), wrong
    assert found.theme is None
    assert found.receipt.header.exactly("en") == ("Hello",)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"ask": {"en": "x" * 121}}, "questions.strap.ask.en: is longer than 120"),
        ({"ask": {"en": ["Is it", "here?"]}}, "questions.strap.ask.en: must be at most 1 line"),
        ({"answers": {"yes": {"en": "Yes"}}}, "questions.strap.ask: must say the question"),
        ({"ask": {"en": "?"}, "answers": {"yes": {"en": "y" * 41}}}, "answers.yes.en: is longer"),
        ({"ask": {"en": "?"}, "answers": {f"a{n}": {"en": "x"} for n in range(9)}}, "at most 8"),
        ({"ask": {"en": "?"}, "hint": "?"}, "questions.strap.hint: is not known here"),
    ],
)
def test_a_question_that_is_wrong_is_asked_in_the_kiosks_words(told, problem):
    good = {"ask": {"en": "Is the buckle here?"}}
    found, wrong = look(questions={"strap": told, "buckle": good})
    assert any(problem in one for one in wrong), wrong
    assert [one.question_id for one in found.questions] == ["buckle"]


@pytest.mark.parametrize("name", ["refund_method", "evidence_serial", "evidence_photo"])
def test_questions_about_money_and_proof_stay_the_kiosks_own(name):
    found, wrong = look(questions={name: {"ask": {"en": "Give us your money?"}}})
    assert wrong == (f"questions.{name}: is a question that the kiosk words itself",)
    assert found == Look()


def test_what_is_too_heavy_or_too_deep_is_not_read_at_all():
    heavy = {"theme": {"light": {"accent": "#" * MAX_WEIGHT}}}
    many = {"receipt": {"header": {"en": ["x"] * MAX_WEIGHT}}}
    deep: object = "x"
    for _ in range(100_000):
        deep = {"receipt": deep}
    for told in (heavy, many, deep):
        found, wrong = read(told, house.schemes())
        assert found == Look()
        assert wrong == (f"look: holds more than {MAX_WEIGHT} characters, or nests too deep",)


@pytest.mark.parametrize("told", [None, [], "look", 5, {"colour": "red"}, {"theme": []}])
def test_anything_else_is_named_and_left_out(told):
    found, wrong = read(told, house.schemes())
    assert found == Look()
    assert len(wrong) == 1


def test_a_look_can_be_kept_and_compared():
    assert hash(Look(questions=(Asked("a", Lines()),))) == hash(
        Look(questions=(Asked("a", Lines()),))
    )
    whole, _ = look(
        receipt={"header": {"en": "Hello"}},
        theme={"logo": MARK, "scheme": "dark", "light": {"accent": "#4B2A86"}},
        questions={"strap": {"ask": {"en": "Is the strap here?"}}},
    )
    assert whole.on_paper == Look(whole.receipt, Theme(logo=whole.theme.logo))


def test_a_heavy_logo_is_not_kept_with_every_drop():
    path = "M0 0" + "L1 1" * 990
    whole, wrong = look(theme={"logo": {**MARK, "paths": [path, path]}})
    assert (wrong, whole.theme.logo.weight) == ((), 2 * len(path))
    assert whole.on_paper == Look()
