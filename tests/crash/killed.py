"""Kills a kiosk at every point of a story and looks at what is left.

    python killed.py STORY DIRECTORY CONFTEST

A point is one SQL statement about to run, a commit just done, or a file before and after it is
renamed. For n = 1, 2 ... the story runs
in a child on a fresh copy of the data directory, and the child kills itself (SIGKILL) at point n;
then another child starts on what is left and checks it. The last run is the one that nothing
killed. Afterwards the story is killed at moments spread over its whole duration, in the middle of
whatever the machine does then. One line of JSON a run.

Everything is imported once and each run is a fork; what is left is looked at from outside each
time, and started again only where it differs from every earlier death: most deaths inside one
transaction leave the same. So hundreds of deaths take seconds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import sqlcipher3.dbapi2 as driver

from kiosk.app.recover import recover
from kiosk.domain.reasons import Why
from kiosk.domain.visit import AbandonCause, CommittedDrop, OpenDrop, Rejected
from kiosk.ports import Printed

MOMENTS = 24
connect = driver.connect


def load_conftest(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("ready_kiosk", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ready_kiosk"] = module
    spec.loader.exec_module(module)
    return module


# --- dying --------------------------------------------------------------------------------------


class Death:
    """Counts points and kills this process at the chosen one."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def point(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def watch(death: Death) -> None:
    """Every connection of this process tells `death` its statements and commits, and every file
    its new name."""

    class Watched(driver.Connection):  # type: ignore[misc]  # the driver has no type information
        def commit(self) -> None:
            super().commit()
            death.point()

    def watched(*args: Any, **kwargs: Any) -> Any:
        connection = connect(*args, factory=Watched, **kwargs)
        connection.set_trace_callback(death.point)
        return connection

    driver.connect = watched
    rename = Path.replace

    def renamed(self: Path, target: Any) -> Path:
        death.point()
        there = rename(self, target)
        death.point()
        return there

    Path.replace = renamed  # type: ignore[method-assign]  # in this dying process only


def in_child(work: Callable[[Callable[[str], None]], None], output: Path) -> tuple[bool, list[str]]:
    """Run `work` in a fork; whether it was killed, and what it told before."""
    output.write_bytes(b"")
    pid = os.fork()
    if pid == 0:
        _run(work, output)
    _, status = os.waitpid(pid, 0)
    told = output.read_text().splitlines()
    if os.WIFSIGNALED(status):
        return True, told
    if os.WEXITSTATUS(status) != 0:
        raise SystemExit("\n".join(told))
    return False, told


def _run(work: Callable[[Callable[[str], None]], None], output: Path) -> NoReturn:
    fd = os.open(output, os.O_WRONLY | os.O_APPEND)

    def tell(text: str) -> None:
        os.write(fd, f"{text}\n".encode())

    try:
        work(tell)
    except BaseException:  # noqa: BLE001 - told to the parent, whatever it is
        tell(traceback.format_exc())
        os._exit(1)
    os._exit(0)


# --- stories ------------------------------------------------------------------------------------


class Drops:
    """Visits: one given up, one with a question and goods, one returnless, one still open."""

    promises = 2

    def prepare(self, kiosks: Any, directory: Path) -> None:
        kiosks.Ready.create(directory).close()

    def tell(self, kiosks: Any, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = kiosks.Ready(directory, series=1)
        recover(kiosk.store, kiosk.clock)
        kiosk.drop_off.abandon(kiosk.open(1), AbandonCause.CANCELLED)
        drop = kiosk.open(4)
        item, _ = drop.asking()
        item = type(item)(item.line, 1, item.decision, 0, {"condition": "unworn"})
        drop = kiosk.drop_off.reconsider(drop, item)
        self._promise(kiosk, drop, kiosk.bag(1), tell)
        self._promise(kiosk, kiosk.open(2), None, tell)
        kiosk.open(5)
        kiosk.close()

    def _promise(self, kiosk: Any, drop: OpenDrop, bag: Any, tell: Callable[[str], None]) -> None:
        done = kiosk.drop_off.commit(drop, bag)
        assert isinstance(done, CommittedDrop), done
        tell(f"PROMISED {done.drop_number}")
        kiosk.receipts.begin(done.drop_id)
        kiosk.receipts.settle(done.drop_id, Printed())

    def check(self, kiosks: Any, directory: Path, told: list[str]) -> None:
        kiosk = kiosks.Ready(directory, series=2)
        recover(kiosk.store, kiosk.clock)
        sound(kiosk)
        for line in told:
            assert kiosk.receipts.load(line.removeprefix("PROMISED ")), f"{line}: lost"
        for number, bag in ((4, 1), (2, 2), (1, 3), (5, 4)):
            self._finish(kiosk, number, bag)
        sound(kiosk)
        committed = kiosk.events("drop.committed")
        assert sorted(fact["return_id"] for fact in committed) == ["R-1", "R-2", "R-4", "R-5"]
        numbers = {fact["drop_number"] for fact in committed}
        assert len(numbers) == len(committed), "a number was given twice"
        kiosk.close()

    def _finish(self, kiosk: Any, number: int, bag: int) -> None:
        """What was not promised can be dropped now, with the same bag; the rest is known."""
        found = kiosk.drop_off.check("later", kiosk.code(number))
        if isinstance(found, Rejected):
            assert found.reason.why is Why.RETURN_ALREADY_DROPPED, found
            return
        asked = found.asking()
        if asked is not None:
            item = type(asked[0])(asked[0].line, 1, asked[0].decision, 0, {"condition": "unworn"})
            found = kiosk.drop_off.reconsider(found, item)
        done = kiosk.drop_off.commit(found, kiosk.bag(bag) if found.needs_bag else None)
        assert isinstance(done, CommittedDrop), done


class Recovery:
    """A start that has to put right an open drop and a half printed receipt."""

    promises = 0

    def prepare(self, kiosks: Any, directory: Path) -> None:
        kiosk = kiosks.Ready.create(directory)
        done = kiosk.drop(1)
        kiosk.receipts.begin(done.drop_id)
        kiosk.drop(2, visit="visit-2")
        kiosk.open(4)
        kiosk.open(5, visit="visit-3")
        kiosk.close()

    def tell(self, kiosks: Any, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = kiosks.Ready(directory, series=1)
        recover(kiosk.store, kiosk.clock)
        kiosk.close()

    def check(self, kiosks: Any, directory: Path, told: list[str]) -> None:
        kiosk = kiosks.Ready(directory, series=2)
        recover(kiosk.store, kiosk.clock)
        sound(kiosk)
        assert len(kiosk.events("drop.abandoned")) == 2, "told twice, or not at all"
        settled = kiosk.events("receipt.settled")
        assert sorted(fact["outcome"] for fact in settled) == ["failed", "unconfirmed"]
        kiosk.close()


class FirstStart:
    """A new machine: schema, first epoch, first bundle."""

    promises = 0

    def prepare(self, kiosks: Any, directory: Path) -> None:
        directory.mkdir()

    def tell(self, kiosks: Any, directory: Path, tell: Callable[[str], None]) -> None:
        kiosks.Ready.create(directory).close()

    def check(self, kiosks: Any, directory: Path, told: list[str]) -> None:
        kiosk = kiosks.Ready(directory, series=2)
        recover(kiosk.store, kiosk.clock)
        if kiosk.store.policy.current() is None:
            kiosk.install()
        sound(kiosk)
        kiosk.drop(1)
        sound(kiosk)
        kiosk.close()


class NewBundle:
    """Another bundle comes into force while the kiosk serves."""

    promises = 0

    def prepare(self, kiosks: Any, directory: Path) -> None:
        kiosks.Ready.create(directory).close()

    def tell(self, kiosks: Any, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = kiosks.Ready(directory, series=1)
        kiosk.install(2)
        tell("INSTALLED")
        kiosk.close()

    def check(self, kiosks: Any, directory: Path, told: list[str]) -> None:
        kiosk = kiosks.Ready(directory, series=2)
        number = kiosk.store.policy.current().number
        assert number == kiosk.store.policy.highest()
        assert number == 2 or not told, "a bundle in force was lost"
        assert [path.name for path in directory.glob("policy-*")] == [f"policy-{number}.db"]
        activated = [fact["number"] for fact in kiosk.events("policy.activated")]
        assert activated == list(range(1, number + 1))
        sound(kiosk)
        kiosk.drop(1)
        kiosk.close()


class NewDelta:
    """R-1 goes and R-90 comes, by a delta on the bundle in force."""

    promises = 0

    def prepare(self, kiosks: Any, directory: Path) -> None:
        kiosks.Ready.create(directory).close()

    def change(self, kiosk: Any) -> None:
        now = kiosk.clock.now()
        policy = kiosk.store.policy
        other = replace(policy.current().find_return("R-2"), return_id="R-90", short_code="")
        times = (now, now + timedelta(hours=24), now + timedelta(hours=72))
        content = replace(policy.current().content, number=2)
        policy.apply(2, 1, "tenant", "all", *times, content, [other], ["R-1"], base=1)

    def tell(self, kiosks: Any, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = kiosks.Ready(directory, series=1)
        self.change(kiosk)
        tell("APPLIED")
        kiosk.close()

    def check(self, kiosks: Any, directory: Path, told: list[str]) -> None:
        kiosk = kiosks.Ready(directory, series=2)
        number = kiosk.store.policy.current().number
        assert number == kiosk.store.policy.highest()
        assert number == 2 or not told, "a delta in force was lost"
        self.answers(kiosk, number)
        kept = {f"policy-{n}.db" for n in range(1, number + 1)}
        assert {path.name for path in directory.glob("policy-*")} == kept
        sound(kiosk)
        if number == 1:
            self.change(kiosk)
        self.answers(kiosk, 2)
        kiosk.drop(2)
        kiosk.close()

    def answers(self, kiosk: Any, number: int) -> None:
        policy = kiosk.store.policy.current()
        found = [policy.find_return(name) is not None for name in ("R-1", "R-2", "R-90")]
        assert found == ([True, True, False] if number == 1 else [False, True, True])


class Merge(NewDelta):
    """The delta's layer becomes one file with what is below it; every answer stays."""

    def prepare(self, kiosks: Any, directory: Path) -> None:
        kiosk = kiosks.Ready.create(directory)
        self.change(kiosk)
        kiosk.close()

    def tell(self, kiosks: Any, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = kiosks.Ready(directory, series=1)
        assert kiosk.store.policy.merge()
        tell("MERGED")
        kiosk.close()

    def check(self, kiosks: Any, directory: Path, told: list[str]) -> None:
        kiosk = kiosks.Ready(directory, series=2)
        base = kiosk.store.policy.current().base
        assert base == 0 or not told, "a merge was lost"
        kept = {"policy-2.db"} if base == 0 else {"policy-1.db", "policy-2.db"}
        files = {path.name for path in directory.iterdir() if path.name.startswith(("pol", "mer"))}
        assert files == kept
        assert kiosk.store.policy.current().number == kiosk.store.policy.highest() == 2
        self.answers(kiosk, 2)
        sound(kiosk)
        kiosk.drop(2)
        kiosk.close()


STORIES = {
    "drops": Drops,
    "recovery": Recovery,
    "first-start": FirstStart,
    "new-bundle": NewBundle,
    "new-delta": NewDelta,
    "merge": Merge,
}


# --- what must hold -----------------------------------------------------------------------------


def left_behind(directory: Path, told: list[str]) -> str:
    """A digest of everything that the next start can find."""
    found = hashlib.sha256(repr(told).encode())
    for path in sorted((*directory.glob("policy-*"), *directory.glob("merged*"))):
        found.update(path.name.encode() + path.read_bytes())
    reader = driver.connect(str(directory / "ledger.db"))
    found.update(repr(reader.execute("PRAGMA user_version").fetchall()).encode())
    for name, sql in reader.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall():
        found.update(f"{name}{sql}".encode())
        if sql and sql.startswith("CREATE TABLE"):
            rows = sorted(map(repr, reader.execute(f"SELECT * FROM {name}")))
            found.update("".join(rows).encode())
    reader.close()
    return found.hexdigest()


def whole_or_nothing(directory: Path) -> None:
    """Straight from the file, before anything is put right: each drop has all of a promise or
    nothing of one."""
    reader = driver.connect(str(directory / "ledger.db"))
    if not reader.execute("PRAGMA user_version").fetchone()[0]:
        return  # died before there was a ledger
    drops = reader.execute("SELECT drop_id, state, bag_id, code_id, receipt FROM drops").fetchall()
    for drop_id, state, bag_id, code_id, receipt in drops:
        parts = {
            table: reader.execute(query, (drop_id,)).fetchone()[0]
            for table, query in {
                "lines": "SELECT COUNT(*) FROM drop_lines WHERE drop_id = ?",
                "bags": "SELECT COUNT(*) FROM bags WHERE drop_id = ? AND released_at IS NULL",
                "codes": "SELECT COUNT(*) FROM redeemed_codes WHERE drop_id = ?",
                "jobs": "SELECT COUNT(*) FROM print_jobs WHERE drop_id = ?",
                "events": "SELECT COUNT(*) FROM events JOIN outbox ON event = number"
                " WHERE subject = ? AND type LIKE '%drop.committed%'",
            }.items()
        }
        promised = state == "committed"
        assert (receipt is not None) == promised, (drop_id, state)
        assert (parts["lines"] > 0) == promised, (drop_id, state, parts)
        assert parts["bags"] == int(promised and bag_id != ""), (drop_id, state, parts)
        assert parts["codes"] == int(promised and code_id != ""), (drop_id, state, parts)
        assert parts["jobs"] == parts["events"] == int(promised), (drop_id, state, parts)
    events, queued = reader.execute(
        "SELECT (SELECT COUNT(*) FROM events), (SELECT COUNT(*) FROM outbox)"
    ).fetchone()
    assert events == queued, "an event without its outbox row"
    reader.close()


def sound(kiosk: Any) -> None:
    """After recovery: an unbroken chain from its beginning, nothing left open."""
    assert kiosk.store.outbox.verify() is None
    assert kiosk.store._database.pragma("integrity_check") == "ok"
    assert not kiosk.store._database.pragma("foreign_key_check")
    with kiosk.store.look() as work:
        open_rows = work.drops.all_open()
        committed = {fact["drop_id"] for fact in kiosk.events("drop.committed")}
        assert all(row.drop.drop_id not in committed for row in open_rows)


# --- all deaths ---------------------------------------------------------------------------------


def main(story_name: str, directory: Path, conftest: str) -> None:
    kiosks = load_conftest(conftest)
    story = STORIES[story_name]()
    seen: set[str] = set()
    template, output = directory / "template", directory / "told"
    # Once here, with every file closed again, so that no child has to import anything.
    story.prepare(kiosks, template)
    FirstStart().tell(kiosks, directory / "warm", lambda _: None)

    def once(name: str, prepare: Callable[[], None]) -> tuple[bool, float]:
        data = directory / "data"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(template, data, ignore=shutil.ignore_patterns("ballast", "lock"))

        def live(tell: Callable[[str], None]) -> None:
            prepare()
            story.tell(kiosks, data, tell)

        begun = time.monotonic()
        killed, told = in_child(live, output)
        took = time.monotonic() - begun

        def look(tell: Callable[[str], None]) -> None:
            copy = directory / "copy"  # a reader of the original would tidy up after the dead
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(data, copy, ignore=shutil.ignore_patterns("ballast", "lock"))
            whole_or_nothing(copy)
            left = left_behind(copy, told)
            tell(left)
            if left not in seen:
                story.check(kiosks, data, told)

        _, (left,) = in_child(look, output)
        new = left not in seen
        seen.add(left)
        account = {"death": name, "killed": killed, "promised": len(told), "new": new}
        print(json.dumps(account), flush=True)
        return killed, took

    point, took = 1, 0.0
    killed = True
    while killed:
        killed, took = once(f"point {point}", lambda at=point: watch(Death(at)))
        point += 1
    for moment in range(1, MOMENTS + 1):
        # SIGALRM unhandled ends the process as SIGKILL does: at once, wherever it is.
        at = took * moment / (MOMENTS + 1)
        once(f"moment {moment}", lambda at=at: signal.setitimer(signal.ITIMER_REAL, at))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
