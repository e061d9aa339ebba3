"""Several workers behind one address: who ends is started again, and none outlives its parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest

PROGRAM = textwrap.dedent(
    """
    import json, os, sys, time
    from sync.central import workers
    from sync.central.workers import Child, Workers

    workers.FIRST_PAUSE_S = 0.01

    def tell(**told):
        os.write(1, json.dumps(told).encode() + b"\\n")

    def work(leave, ready):
        tell(began=os.getpid())
        if MODE == "fails":
            sys.exit(3)
        ready()
        leave.wait()
        tell(ended=os.getpid())

    def ended():
        tell(cleared=True)

    MODE = sys.argv[1]
    many = [Child(f"worker {n}", work, ended) for n in range(2)]
    status = Workers(many, until=0 if MODE == "until" else None).run(lambda: tell(serving=True))
    tell(status=status)
    """
)


class Parent:
    """The program above, told line by line."""

    def __init__(self, mode: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def hears(self, name: str) -> object:
        """The next line, which must be of this name; None at the end of all who could tell."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line)[name] if line else None

    def rest(self) -> list[dict[str, object]]:
        assert self.process.stdout is not None
        return [json.loads(line) for line in self.process.stdout]


@pytest.fixture
def parent():
    made = []

    def start(mode: str = "") -> Parent:
        made.append(Parent(mode))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.wait()
        for pipe in (one.process.stdin, one.process.stdout, one.process.stderr):
            pipe.close()


def test_they_serve_until_they_are_asked_to_end_and_end_whole(parent):
    one = parent()
    pids = {one.hears("began"), one.hears("began")}
    assert one.hears("serving")
    one.process.send_signal(signal.SIGTERM)
    rest = one.rest()
    assert {line["ended"] for line in rest[:-1]} == pids
    assert rest[-1] == {"status": 0}


def test_who_is_killed_is_started_again_and_the_other_goes_on(parent):
    one = parent()
    first, second = one.hears("began"), one.hears("began")
    assert one.hears("serving")
    os.kill(first, signal.SIGKILL)
    assert one.hears("cleared")
    third = one.hears("began")
    assert third not in (first, second)
    one.process.send_signal(signal.SIGTERM)
    assert {line.get("ended") for line in one.rest()} == {second, third, None}


def test_none_outlives_a_parent_that_is_killed(parent):
    one = parent()
    pids = {one.hears("began"), one.hears("began")}
    assert one.hears("serving")
    one.process.kill()
    assert {line["ended"] for line in one.rest()} == pids


def test_the_end_of_standard_input_can_be_the_end(parent):
    one = parent("until")
    assert one.hears("began") != one.hears("began")
    assert one.hears("serving")
    one.process.stdin.close()
    assert one.rest()[-1] == {"status": 0}


def test_what_keeps_the_first_from_serving_ends_them_all(parent):
    one = parent("fails")
    assert one.hears("began")
    assert one.rest() == [{"status": 3}]
