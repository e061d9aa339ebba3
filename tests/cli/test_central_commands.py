"""`takeback central`: serve, migrate, and the first people and kiosks of a back office."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
import requests


def serving(*arguments):
    """A centre as its own process and its address."""
    command = [sys.executable, "-m", "kiosk", "central", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    line = process.stdout.readline()
    assert "serving" in line, process.communicate(timeout=30)
    return process, line


def leave(process) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return out


def test_it_answers_and_leaves_when_its_parent_does(shop):
    process, line = serving("--database", shop.database, "--until-eof")
    with requests.Session() as session:
        answer = session.get(f"{line.split()[1]}/login", timeout=20)
    assert answer.status_code == 200
    assert "<form" in answer.text
    leave(process)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_leaves_in_order_when_it_is_told_to(tmp_path, how):
    process, line = serving("--database", f"sqlite:///{tmp_path / 'c.db'}", "--json")
    assert line.startswith('{"serving":"http://127.0.0.1:')
    process.send_signal(how)
    leave(process)
    assert not (tmp_path / "c.db-wal").exists()


def test_an_address_in_use(process, shop, centre):
    process(
        "central", "serve", "--database", shop.database, "--port", centre.port, "--until-eof"
    ).says(1, "in use")


def test_serve_with_wrong_calls(takeback, process, tmp_path):
    serve = ("central", "serve", "--port", "0")
    takeback(*serve, "--timezone", "Mars/Olympus").says(2, "time zone")
    takeback("central", "serve", "--port", "70000").says(2, "port")
    takeback(*serve, "--metrics", "8799").says(2, "HOST:PORT")
    takeback(*serve, "--log-format", "xml").says(2, "auto, json, plain")
    takeback(*serve, "--log-level", "all").says(2, "debug, info, warning, error")
    takeback(*serve, "--workers", "0").says(2, "workers")
    # It speaks into the log by then, which a process has but once.
    process(*serve, "--database", "nothing").says(2, "no address of a database")
    process(*serve, "--database", f"sqlite:///{tmp_path}/none/c.db").says(1, "its folder exist")


def test_keys_for_secrets_are_made_and_a_new_one_goes_in_front(takeback, tmp_path):
    file = tmp_path / "secrets"
    takeback("central", "secrets-key", file).says(0, "has the key k1", f"--secrets {file}")
    (first,) = file.read_text().splitlines()
    takeback("central", "secrets-key", file, "--json").says(0, '"key":"k2","keys":2')
    assert file.read_text().splitlines()[1] == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["secrets"]
    file.write_text("something else\n")
    takeback("central", "secrets-key", file).says(2, "no keys of ours", "line 1")
    takeback("central", "serve", "--secrets", file).says(2, "cannot be read", "line 1")
    takeback("central", "secrets-key", tmp_path / "none" / "x").says(1, "cannot be written")


# --- databases -----------------------------------------------------------------------------------

COMMANDS = [
    ("migrate",),
    ("create-tenant", "acme", "--title", "Acme"),
    ("create-admin", "ann", "--tenant", "acme"),
    ("enrolment-code", "--tenant", "acme", "--site", "x", "--kiosk-code", "K1"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[0])
@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("nothing", 2, "no address of a database"),
        ("sqlite://", 2, "needs a database file"),
        ("martian://x/y", 2, "no address of a database"),
        ("sqlite:////no/such/folder/c.db", 1, "its folder exist"),
    ],
)
def test_databases_that_are_none(takeback, command, url, code, says):
    takeback("central", *command, "--database", url).says(code, says)


def test_a_password_in_the_address_is_never_shown(takeback):
    answer = takeback("central", "migrate", "--database", "nosuch://ann:hunter2@db.example/x")
    answer.says(2, "***")
    assert "hunter2" not in answer.out + answer.err


def test_a_file_that_is_no_database(takeback, tmp_path):
    file = tmp_path / "c.db"
    file.write_bytes(b"junk" * 1000)
    takeback("central", "migrate", "--database", f"sqlite:///{file}").says(1, "not a database")


def test_the_first_steps_of_a_back_office(takeback, tmp_path):
    database = f"sqlite:///{tmp_path / 'central.db'}"
    with_database = ("--database", database)
    takeback("central", "migrate", *with_database).says(0, "up to date")
    assert takeback("central", "migrate", *with_database, "--json").json
    admin = ("central", "create-admin", "ann", "--tenant", "acme", *with_database)
    takeback(*admin).says(1, "there is none yet", "create-tenant")
    tenant = ("central", "create-tenant", "acme", "--title", "Acme", *with_database)
    takeback(*tenant).says(0, "acme")
    takeback(*tenant, "--json").says(0)
    password = takeback(*admin, "--json").says(0).json["password"]
    assert len(password) >= 16
    takeback(*admin).says(0, "signs in with")
    code = ("central", "enrolment-code", "--site", "x", *with_database)
    made = takeback(*code, "--tenant", "acme", "--kiosk-code", "K1").says(0).out.strip()
    assert len(made) == 11
    takeback(*code, "--tenant", "other", "--kiosk-code", "K1").says(1, "there are: acme")
    takeback(*code, "--tenant", "acme", "--kiosk-code", "k-1").says(2, "capital letters")


def test_a_new_password_opens_the_back_office(takeback, shop, centre):
    told = takeback(
        "central", "create-admin", "ann", "--tenant", "demo", "--database", shop.database, "--json"
    ).json
    with requests.Session() as session:
        answer = session.post(
            f"{centre.url}/login",
            data={"name": told["name"], "password": told["password"]},
            headers={"Origin": centre.url},
            timeout=20,
        )
    assert answer.ok
    assert "login" not in answer.url


def test_names_that_are_none(takeback, shop):
    database = ("--database", shop.database)
    admin = ("central", "create-admin")
    takeback(*admin, " ", "--tenant", "demo", *database).says(2, "1 to 100")
    takeback(*admin, "x" * 101, "--tenant", "demo", *database).says(2, "1 to 100")
    takeback(*admin, "ann", *database).says(2, "--tenant")
    tenant = ("central", "create-tenant")
    takeback(*tenant, "ACME!", "--title", "x", *database).says(2, "lower-case")


def test_the_demos_data(takeback, tmp_path):
    database = f"sqlite:///{tmp_path / 'demo.db'}"
    call = ("central", "demo-data", "--database", database, "--keys", tmp_path / "keys")
    told = takeback(*call, "--json").says(0).json
    assert told["policy_number"] == 1
    assert len(told["returns"]) > 5
    assert (tmp_path / "keys" / "bundle.key").stat().st_mode & 0o777 == 0o600
    again = takeback(*call).says(0, "bundle 2", "enrolment code")
    assert told["password"] not in again.out
    blocked = tmp_path / "file"
    blocked.write_text("")
    takeback(*call[:-1], blocked).says(1)
    takeback(*call[:3], "nothing", *call[4:]).says(2, "no address of a database")
    takeback(*call, "--stay").says(2, "--stay belongs to --weeks")
    takeback(*call, "--weeks", "9").says(2, "1 to 8 weeks")
    takeback(*call, "--weeks", "1", "--timezone", "Mars/Crater").says(2, "no time zone")
