"""The files that run a centre: read as far as they can be without systemd and Docker."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from kiosk.cli.app import app

CENTRE = Path(__file__).parents[2] / "assets" / "centre"
UNITS = sorted(CENTRE.glob("*.service"))
LOCKED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "User": "takeback-central",
}


def unit(path: Path) -> configparser.RawConfigParser:
    read = configparser.RawConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(path)
    return read


def options(*words: str) -> set[str]:
    """What a command of ours takes, by the command itself."""
    found = typer.main.get_command(app)
    for word in words:
        found = found.commands[word]
    return {name for one in found.params for name in (*one.opts, *one.secondary_opts)}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((CENTRE / "compose.yaml").read_text())


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_locked_down(path):
    service = unit(path)["Service"]
    assert {name: service[name] for name in LOCKED} == LOCKED
    assert service["EnvironmentFile"] == "/etc/takeback-central/environment"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_call_commands_that_are_there(path):
    line = unit(path)["Service"]["ExecStart"]
    called = re.search(r"bin/takeback central ([a-z-]+)([^']*)", line)
    assert called, line
    given = {word for word in shlex.split(called[2]) if word.startswith("--")}
    assert given <= options("central", called[1])


def test_the_timer_has_its_service():
    assert (CENTRE / "takeback-central-backup.timer").exists()
    assert CENTRE / "takeback-central-backup.service" in UNITS


def test_compose_names_nothing_that_is_not_there(compose):
    services = compose["services"]
    assert {"database", "migrate", "centre", "proxy"} == set(services)
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        for secret in service.get("secrets", ()):
            assert secret in compose["secrets"], name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (CENTRE / source).exists(), volume
            else:
                assert source in compose["volumes"], volume
    build = services["centre"]["build"]
    assert (CENTRE / build["context"] / build["dockerfile"]).resolve() == CENTRE / "Dockerfile"


def test_compose_calls_commands_that_are_there(compose):
    for name in ("migrate", "centre"):
        command = compose["services"][name]["command"]
        given = {word.partition("=")[0] for word in command if word.startswith("--")}
        assert given <= options("central", command[0])


def test_workers_wait_for_the_schema_and_tell_whether_they_are_ready(compose):
    centre = compose["services"]["centre"]
    assert centre["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert "/readyz" in centre["healthcheck"]["test"][-1]
    assert compose["services"]["proxy"]["depends_on"] == {
        "centre": {"condition": "service_healthy"}
    }


def test_no_password_is_in_any_file(compose):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or name.endswith("_FILE"), name
            assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), name


def test_the_image_copies_what_is_there():
    root = CENTRE.parents[1]
    for line in (CENTRE / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY "):
            for name in line.split()[1:-1]:
                assert (root / name).exists(), name
