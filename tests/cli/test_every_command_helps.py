"""Every command says what it is for, and knows a wrong call from a no."""

from __future__ import annotations

import pytest
import typer

from kiosk import __version__
from kiosk.cli.app import app


def every_command() -> list[tuple[str, ...]]:
    """All paths of words, walked from the command itself, so that no new one is forgotten."""
    found: list[tuple[str, ...]] = [()]

    def walk(command, path):
        for name, inner in getattr(command, "commands", {}).items():
            found.append((*path, name))
            walk(inner, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


EVERY = every_command()


def test_the_walk_finds_the_commands():
    assert {("run",), ("doctor",), ("audit", "verify"), ("central", "serve")} <= set(EVERY)
    assert len(EVERY) > 20


GROUPS = (
    ("policy",),
    ("receipt",),
    ("audit",),
    ("store",),
    ("device",),
    ("central",),
    ("central", "policy"),
    ("central", "device"),
    ("central", "notices"),
    ("central", "key"),
    ("central", "people"),
    ("central", "audit"),
    ("central", "export"),
    ("central", "counter-book"),
)


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help(takeback, path):
    answer = takeback(*path, "--help").says(0)
    about = answer.out.strip().splitlines()
    assert "usage: " in about[0].lower()
    assert len(answer.out) > 100


@pytest.mark.parametrize("path", [p for p in EVERY if p != ("run",)], ids=" ".join)
def test_an_option_that_does_not_exist_is_a_wrong_call(takeback, path):
    takeback(*path, "--no-such-option").says(2, "no-such-option")


@pytest.mark.parametrize("path", [*GROUPS, ()])
def test_a_group_without_a_command_shows_its_commands(takeback, path):
    takeback(*path).says(2, "--help", "Commands")


def test_commands_that_answer_have_a_form_for_machines(takeback):
    """All but those that show a window."""
    talkers = [p for p in EVERY if p not in {(), ("run",), ("demo",)}]
    for path in talkers:
        if path not in GROUPS:
            assert "--json" in takeback(*path, "--help").out, path


def test_the_version(takeback, process):
    assert takeback("--version").says(0).out.strip() == __version__
    assert process("--version").says(0).out.strip() == __version__


def test_run_is_quick_to_wake_and_helps_too(process):
    process("run", "--help").says(0, "--settings", "--windowed")


def test_run_without_settings_is_a_sentence(process, tmp_path):
    process("run", "--settings", tmp_path / "none.toml").says(2, "cannot be read")


def test_an_unknown_command(process):
    process("fly").says(2, "No such command", "fly")
