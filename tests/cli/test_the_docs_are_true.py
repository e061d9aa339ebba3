"""Every command in the operator's and the engineer's docs is run; every table is compared."""

from __future__ import annotations

import inspect
import re
import shlex
from importlib import import_module
from pathlib import Path

import cv2
import msgspec
import pytest

from drivers import registry
from drivers.printers.options import Reader
from drivers.virtual import held
from kiosk.core import make_printers, make_scanners
from kiosk.ports import Trouble
from kiosk.settings import Settings
from kiosk.words import words

DOCS = Path(__file__).resolve().parents[2] / "docs"

# What belongs to the machine and not to us, or is run by a test of its own.
NOT_RUN = (
    "sudo git clone ",
    "sudo make -C /opt/takeback setup",
    "sudo ln -s ",
    "sudo useradd ",
    "sudo install -d ",
    "sudo sh -c 'head -c 32 /dev/urandom | systemd-creds ",
    "sudo apt-get install ",
    "sudo udevadm ",
    "sudo systemctl ",
    "journalctl -u takeback",
    "takeback run --windowed",  # tests/e2e
    "takeback scan --held",  # test_held_scanners
    "takeback central serve ",  # test_central_commands
)
ENGINEER = (DOCS / "engineer.md").read_text()
OPERATOR = (DOCS / "operator.md").read_text()
RECOVERY = (DOCS / "recovery.md").read_text()


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    return [line for block in blocks(text, "sh") for line in block.splitlines() if line]


@pytest.fixture
def stand_ins(shop, centre, printer, tmp_path, monkeypatch, takeback, qapp):
    """What the docs' examples stand for, in a shop where all is well."""
    del printer, qapp
    monkeypatch.chdir(tmp_path)
    shop.has_camera("hello")
    monkeypatch.setenv("TAKEBACK_SETTINGS", shop.settings)
    cv2.imwrite(str(tmp_path / "phone.png"), held.phone("hello", ("Shop",)))
    cv2.imwrite(str(tmp_path / "label.png"), held.bag(shop.world.bags[0], "Parcel"))
    (tmp_path / "rules.toml").write_text('[[rules]]\nrule = "allow"\nid = "all"\n')
    key = takeback("receipt", "key").out.strip()
    easy = next(one for one in shop.world.returns if set(one.expected) == {"accept"})
    return {
        "/etc/takeback/takeback.toml": shop.settings,
        "https://centre.example": centre.url,
        "sqlite:////var/lib/takeback-central/central.db": f"sqlite:///{tmp_path / 'c.db'}",
        "counter.toml": str(DOCS.parent / "assets" / "demo" / "counter.toml"),
        "TB0000000042M": shop.world.bags[0],
        "RMA-12345678": easy.return_id,
        "K1-000042-S": shop.drop.drop_number,
        "RP1:TEXT": shop.drop.proof,
        "PUBLICKEY": key,
    }


def enrolment(shop, takeback) -> str:
    """A fresh code, and a kiosk that has no identity."""
    (shop.data / "identity.toml").unlink()
    (shop.data / "device.key").unlink()
    place = ("--tenant", "demo", "--site", "x", "--kiosk-code", "K1")
    made = takeback("central", "enrolment-code", *place, "--database", shop.database, "--json")
    return made.json["code"]


@pytest.mark.parametrize("name", ["engineer.md", "operator.md", "recovery.md"])
def test_every_command_does_what_the_page_says(name, shop, takeback, stand_ins):
    ran = 0
    for command in commands((DOCS / name).read_text()):
        if command.startswith(NOT_RUN):
            continue
        words_of = shlex.split(command.removeprefix("sudo -u takeback "))
        assert words_of[0] == "takeback", f"neither run nor on the list: {command}"
        if "enrol" in words_of:
            stand_ins["ABCDE-FGHJK"] = enrolment(shop, takeback)
        takeback(*(stand_ins.get(word, word) for word in words_of[1:])).says(0)
        ran += 1
    assert ran >= 3


def test_every_command_in_the_running_text_exists(takeback):
    """`takeback central demo-data` and the like, named in passing."""
    for text in (ENGINEER, OPERATOR, RECOVERY, (DOCS / "changelog.md").read_text()):
        for named in re.findall(r"`takeback ([a-z- ]+?)( --[a-z-]+)*`", text):
            takeback(*named[0].split(), "--help").says(0)


# --- settings and drivers -------------------------------------------------------------------------


def example(number: int, profile: str) -> tuple[list[str], list[str]]:
    """Names of the scanners and printers of a settings file in the docs, made as a start would."""
    settings = msgspec.toml.decode(blocks(ENGINEER, "toml")[number], type=Settings)
    assert settings.profile == profile
    printers = make_printers(settings, lambda document, width, dpi: pytest.fail("draws"))
    return [one.name for one in make_scanners(settings)], [one.name for one in printers]


def test_the_examples_of_settings_files_are_some():
    assert example(0, "shopper") == (["camera", "hand scanner"], ["receipt printer"])
    assert example(1, "counter") == (["hand scanner"], ["receipt printer", "label printer"])
    assert len(blocks(ENGINEER, "toml")) == 2


def documented() -> dict[str, set[str]]:
    """Driver to options, as the tables tell."""
    found: dict[str, set[str]] = {name: set() for name in registry.SCANNERS | registry.PRINTERS}
    for driver, option in re.findall(r"^\| (.+?) \| `(\w+)` \|", ENGINEER, re.MULTILINE):
        every = driver.startswith("every")
        for name in found if every else [driver.strip("`")]:
            if not every or name.startswith(driver.removeprefix("every ").strip("`")):
                found[name].add(option)
    return found


@pytest.mark.parametrize("driver", sorted(registry.PRINTERS))
def test_the_printers_table_names_the_very_options(driver, monkeypatch):
    asked: set[str] = set()
    for method in ("text", "number", "flag", "choice", "usb_id"):
        original = getattr(Reader, method)

        def spy(self, key, *rest, original=original, **named):
            asked.add(key)
            return original(self, key, *rest, **named)

        monkeypatch.setattr(Reader, method, spy)
    needed = {"host": "127.0.0.1", "device": "/dev/ttyS9", "path": "/tmp/none"}
    options = {key: value for key, value in needed.items() if key in documented()[driver]}
    registry.printer_factory(driver)("p", 576, 203, options, lambda *_: None, lambda: 0.0)
    assert asked == documented()[driver]


@pytest.mark.parametrize("driver", sorted(registry.SCANNERS))
def test_the_scanners_table_names_the_very_options(driver):
    module, _, function = registry.SCANNERS[driver].partition(":")
    source = inspect.getsource(getattr(import_module(module), function))
    (known,) = re.findall(r"set\(options\) - \{([^}]*)\}", source)
    assert set(re.findall(r'"(\w+)"', known)) == documented()[driver]


# --- what the screen says -------------------------------------------------------------------------


def test_the_operators_table_has_every_sentence_of_the_screen():
    english = words("en")
    told = re.findall(r"^\| (.+?\.) \|", OPERATOR, re.MULTILINE)
    assert sorted(told) == sorted(english.trouble(trouble) for trouble in Trouble)


def test_what_closes_the_kiosk_is_marked():
    from kiosk.flows.turns import BLOCKING

    english = words("en")
    rows = dict(re.findall(r"^\| (.+?\.) \| (.*?) \|", OPERATOR, re.MULTILINE))
    for trouble in Trouble:
        closed = "out of service" in rows[english.trouble(trouble)]
        assert closed == (trouble in BLOCKING), trouble


def test_quoted_sentences_are_the_programs():
    sentences = {
        "Please look for your receipt below.": "outcome.py",
    }
    screens = Path(__file__).resolve().parents[2] / "ui" / "screens"
    for sentence, file in sentences.items():
        assert f'"{sentence}"' in ENGINEER
        assert sentence in (screens / file).read_text()
    receipt = (screens.parents[1] / "kiosk" / "app" / "receipt.py").read_text()
    assert '"The shop still confirms this amount"' in OPERATOR
    assert "The shop still confirms this amount." in receipt


def test_the_staffs_page_names_keys_that_are_there():
    (page,) = re.findall(r"^## Behind the staffed counter\n(.*?)^## ", OPERATOR, re.DOTALL | re.M)
    catalogue = (DOCS.parent / "assets" / "i18n" / "de.po").read_text()
    named = re.findall(r'"([^"]+)"', page)
    assert len(named) > 20
    assert [one for one in named if f'msgid "{one}"' not in catalogue] == []


def test_the_changelog_keeps_its_form():
    text = (DOCS / "changelog.md").read_text()
    assert text.startswith("# Changelog\n")
    headings = re.findall(r"^(#{2,3}) (.+)$", text, re.MULTILINE)
    assert headings[0] == ("##", "Unreleased")
    known = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Known limits"}
    assert {name for level, name in headings if level == "###"} <= known


def test_the_pages_lead_to_each_other():
    for page in DOCS.glob("*.md"):
        for link in re.findall(r"\]\(([\w./-]+\.md)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} leads to {link}"
