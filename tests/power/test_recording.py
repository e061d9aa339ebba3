"""What a program does to a directory is seen whole, call by call, or refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.power.disk import ROOT, Recording, Rename, Resize, Sync, Told, Write
from tests.power.recorder import NotModelled, Recorder, read
from tests.power.trace import record

START = """
import mmap, os, shutil, sys, threading
at = lambda name: os.path.join(sys.argv[1], name)
told = os.open(sys.argv[1] + "/../told", os.O_WRONLY | os.O_CREAT)
"""


@pytest.fixture
def seen(tmp_path: Path):
    """The recording of some lines of Python that run in a directory `data`."""
    data, told = tmp_path / "dätä", tmp_path / "told"
    data.mkdir()

    def watch(*lines: str, already: dict[str, bytes] | None = None) -> Recording:
        for name, content in (already or {}).items():
            (data / name).write_bytes(content)
        recorder = Recorder(data, told)
        program = [sys.executable, "-I", "-S", "-c", START + "\n".join(lines), str(data)]
        record(program, tmp_path / "trace", 60)
        return read(tmp_path / "trace", [recorder])[0]

    return watch


def test_a_file_is_made_written_and_synced(seen) -> None:
    recording = seen(
        "fd = os.open(at('new'), os.O_RDWR | os.O_CREAT)",
        r"os.pwrite(fd, b'a\n\x00\"', 5)",
        "os.ftruncate(fd, 3)",
        "os.posix_fallocate(fd, 0, 100)",
        "os.fsync(fd)",
        "os.fdatasync(os.open(sys.argv[1], os.O_RDONLY))",
        "os.write(told, b'done\\n')",
    )
    assert recording.deeds == (
        Rename(((ROOT, "new", 1),)),
        Write(1, 5, b'a\n\x00"'),
        Resize(1, 3),
        Resize(1, 100),
        Sync(1, 4),
        Sync(ROOT, 5),
        Told("done"),
    )


def test_what_is_there_counts_as_durable(seen) -> None:
    recording = seen("open(at('old'), 'ab').write(b'!')", already={"old": b"here", "other": b""})
    assert recording.names == {(ROOT, "old"): 1, (ROOT, "other"): 2}
    assert recording.content == {1: b"here", 2: b""}
    assert recording.deeds == (Write(1, 4, b"!"),)


def test_names_come_and_go(seen) -> None:
    recording = seen(
        "os.mkdir(at('sub'))",
        "shutil.copyfile(at('old'), at('sub/copy'))",
        "os.rename(at('sub/copy'), at('old'))",
        "os.rmdir(at('sub'))",
        "fd = os.open(at('old'), os.O_WRONLY | os.O_TRUNC)",
        "os.unlink(at('old'))",
        "os.write(fd, b'to nobody')",
        already={"old": b"here"},
    )
    assert recording.deeds == (
        Rename(((ROOT, "sub", 2),)),
        Rename(((2, "copy", 3),)),
        Write(3, 0, b"here"),
        Rename(((2, "copy", None), (ROOT, "old", 3))),
        Rename(((ROOT, "sub", None),)),
        Resize(3, 0),
        Rename(((ROOT, "old", None),)),
        Write(3, 0, b"to nobody"),
    )
    assert recording.directories == {ROOT, 2}


def test_writes_go_where_the_file_stands(seen) -> None:
    recording = seen(
        "fd = os.open(at('old'), os.O_RDWR)",
        "os.write(fd, b'12')",
        "os.write(fd, b'34')",
        "os.lseek(fd, 1, os.SEEK_SET)",
        "os.write(fd, b'5')",
        already={"old": b"here"},
    )
    assert recording.deeds == (Write(1, 0, b"12"), Write(1, 2, b"34"), Write(1, 1, b"5"))


def test_a_sync_covers_only_what_was_done_when_it_began(seen) -> None:
    recording = seen(
        "def work(name):",
        "    fd = os.open(at(name), os.O_RDWR | os.O_CREAT)",
        "    for n in range(30):",
        "        os.pwrite(fd, b'x', n)",
        "        os.fsync(fd)",
        "threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]",
        "[thread.start() for thread in threads]",
        "[thread.join() for thread in threads]",
    )
    written = dict.fromkeys(range(1, 5), 0)
    for number, deed in enumerate(recording.deeds):
        if isinstance(deed, Write):
            written[deed.inode] += 1
        elif isinstance(deed, Sync):
            before = recording.deeds[: deed.upto]
            mine = [d for d in before if isinstance(d, Write) and d.inode == deed.inode]
            assert deed.upto <= number
            assert len(mine) == written[deed.inode]  # one thread writes a file, then waits
    assert set(written.values()) == {30}


@pytest.mark.parametrize(
    "line",
    [
        "os.link(at('old'), at('other'))",
        "os.symlink(at('old'), at('other'))",
        "os.writev(os.open(at('old'), os.O_RDWR), [b'1', b'2'])",
        "os.truncate(at('old'), 1)",
        "m = mmap.mmap(os.open(at('old'), os.O_RDWR), 4)",
        "os.rename(at('old'), at('../gone'))",
        "os.mkdir(at('sub')); os.rename(at('sub'), at('bus'))",
        "os.chdir(at('')); os.link('old', 'other')",
    ],
)
def test_what_is_not_understood_is_an_error(seen, line) -> None:
    with pytest.raises((NotModelled, ValueError)):
        seen(line, already={"old": b"here"})


def test_a_path_from_where_the_program_stands_is_followed(seen) -> None:
    recording = seen(
        "os.chdir(at('..'))",
        "open('dätä/old', 'ab').write(b'!')",
        "os.chdir(at(''))",
        "open('old', 'ab').write(b'!')",
        already={"old": b"here"},
    )
    assert recording.deeds == (Write(1, 4, b"!"), Write(1, 5, b"!"))


def test_reading_failing_and_neighbours_change_nothing(seen) -> None:
    recording = seen(
        "open(at('old'), 'rb').read()",
        "mmap.mmap(os.open(at('old'), os.O_RDONLY), 4, access=mmap.ACCESS_READ)",
        "shm = os.open(at('ledger.db-shm'), os.O_RDWR)",
        "m = mmap.mmap(shm, 4)",
        "os.pwrite(shm, b'index', 0)",
        "os.mkdir(at('../dätä2'))",
        "open(at('../dätä2/file'), 'wb').write(b'not ours')",
        "try: os.unlink(at('nothing'))",
        "except OSError: pass",
        already={"old": b"here", "ledger.db-shm": b"here"},
    )
    assert recording.deeds == ()
