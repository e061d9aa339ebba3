"""Kills a kiosk at every point of a story and looks at what is left.

    python -m tests.crash.killed STORY DIRECTORY

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
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import sqlcipher3.dbapi2 as driver

from tests.crash.stories import STORIES, FirstStart
from tests.crash.whole import whole_or_nothing

MOMENTS = 24
NO_PART = shutil.ignore_patterns("ballast", "lock")
"""What is no part of what a dead kiosk told."""
connect = driver.connect


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


# --- what must hold -----------------------------------------------------------------------------


def left_behind(directory: Path, told: list[str]) -> str:
    """A digest of everything that the next start can find."""
    found = hashlib.sha256(repr(told).encode())
    beside = ("policy-*", "merged*", "photos/*/*", "signatures/*/*")
    for path in sorted(path for kind in beside for path in directory.glob(kind)):
        found.update(str(path.relative_to(directory)).encode() + path.read_bytes())
    reader = driver.connect(str(directory / "ledger.db"))
    found.update(repr(reader.execute("PRAGMA user_version").fetchall()).encode())
    for name, sql in reader.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall():
        found.update(f"{name}{sql}".encode())
        if sql and sql.startswith("CREATE TABLE"):
            rows = sorted(map(repr, reader.execute(f"SELECT * FROM {name}")))
            found.update("".join(rows).encode())
    reader.close()
    return found.hexdigest()


def _whole(directory: Path) -> None:
    reader = driver.connect(str(directory / "ledger.db"))
    if reader.execute("PRAGMA user_version").fetchone()[0]:  # else it died before there was one
        whole_or_nothing(lambda sql: reader.execute(sql).fetchall())
    reader.close()


# --- all deaths ---------------------------------------------------------------------------------


def main(story_name: str, directory: Path) -> None:
    story = STORIES[story_name]()
    seen: set[str] = set()
    template, output = directory / "template", directory / "told"
    # Once here, with every file closed again, so that no child has to import anything.
    story.prepare(template)
    FirstStart().tell(directory / "warm", lambda _: None)

    def once(name: str, prepare: Callable[[], None]) -> tuple[bool, float]:
        data = directory / "data"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(template, data, ignore=NO_PART)
        if (template / "ballast").exists():  # one for all: it is only ever given up, never changed
            (data / "ballast").hardlink_to(template / "ballast")

        def live(tell: Callable[[str], None]) -> None:
            prepare()
            story.tell(data, tell)

        begun = time.monotonic()
        killed, told = in_child(live, output)
        took = time.monotonic() - begun

        copy = directory / "copy"  # a reader of the original would tidy up after the dead
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(data, copy, ignore=NO_PART)
        _whole(copy)
        left = left_behind(copy, told)
        new = left not in seen
        if new:
            in_child(lambda _: story.check(data, told), output)
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
    main(sys.argv[1], Path(sys.argv[2]))
