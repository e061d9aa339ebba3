"""The virtual printer does what the command reference says, spoken to without the driver."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from drivers.virtual import escpos_commands as commands
from drivers.virtual.printer import VirtualPrinter


@pytest.fixture
def line(machine: VirtualPrinter) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", machine.port), 5) as host:
        yield host


def exactly(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += line.recv(count - len(data))
    return data


def test_it_answers_in_real_time_even_inside_a_picture(
    machine: VirtualPrinter, line: socket.socket
) -> None:
    line.sendall(b"\x1d\x76\x30\x00\x48\x00\x10\x00" + b"\x10\x04\x01")
    assert exactly(line, 1) == b"\x12"
    machine.open_cover()
    line.sendall(b"\x10\x04")
    line.sendall(b"\x02")
    assert exactly(line, 1) == b"\x16"


def test_the_end_of_a_job_is_answered_when_it_is_printed(
    machine: VirtualPrinter, line: socket.socket
) -> None:
    machine.open_cover()
    line.sendall(b"Hello\n\x1d\x56\x42\x00\x1d\x28\x48\x06\x00\x30\x30AB12\x1d\x72\x01")
    line.settimeout(0.05)
    with pytest.raises(TimeoutError):
        line.recv(1)
    machine.close_cover()
    line.settimeout(5)
    assert exactly(line, 8) == b"\x37\x22AB12\x00" + b"\x00"


def test_automatic_status_follows_what_happens(
    machine: VirtualPrinter, line: socket.socket
) -> None:
    line.sendall(b"\x1d\x61\x0e")
    assert exactly(line, 4) == b"\x10\x00\x00\x0f"
    machine.paper_low()
    assert exactly(line, 4) == b"\x10\x00\x03\x0f"
    machine.open_cover()
    assert exactly(line, 4) == b"\x38\x00\x03\x0f"


def test_a_second_host_is_refused(machine: VirtualPrinter, line: socket.socket) -> None:
    line.sendall(b"\x10\x04\x01")
    exactly(line, 1)
    second = socket.create_connection(("127.0.0.1", machine.port), 5)
    with second, contextlib.suppress(ConnectionResetError):
        assert second.recv(1) == b""


def test_letters_sizes_and_alignment_leave_ink(
    machine: VirtualPrinter, line: socket.socket
) -> None:
    line.sendall(b"\x1b@\x1ba\x02\x1d!\x11RIGHT\n\x1ba\x00\x1d!\x00left\n\x1dV\x42\x00")
    assert machine.await_slips(1)
    paper = Image.open(io.BytesIO(machine.slips[0].png)).convert("L")
    assert paper.width == 576
    ink = [[x for x in range(576) if paper.getpixel((x, y)) == 0] for y in range(paper.height)]
    first = [x for row in ink[:48] for x in row]
    second = [x for row in ink[48:90] for x in row]
    assert min(first) > 400
    assert max(second) < 100


def test_power_loss_empties_the_buffer(machine: VirtualPrinter, line: socket.socket) -> None:
    machine.tear_paper()
    line.sendall(b"lost\n\x1dV\x42\x00\x10\x04\x01")
    assert exactly(line, 1) == b"\x1a"
    machine.unplug()
    machine.refill()
    machine.plug()
    with socket.create_connection(("127.0.0.1", machine.port), 5) as host:
        host.sendall(b"kept\n\x1dV\x42\x00\x1dr\x01")
        assert exactly(host, 1) == b"\x00"
    assert machine.await_slips(1)
    assert len(machine.slips) == 1


def test_starting_and_stopping_twice_is_harmless(tmp_path: Path) -> None:
    machine = VirtualPrinter(tmp_path)
    machine.start()
    machine.stop()
    machine.stop()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b@", commands.Initialise()),
        (b"\x1bd\x05", commands.Feed(5)),
        (b"\x1bJ\x05", commands.Feed(5, dots=True)),
        (b"\x1dV\x00", commands.CutPaper(to_blade=False)),
        (b"\x1dV\x42\x03", commands.CutPaper(to_blade=True, extra=3)),
        (b"\x1bp\x00\x19\xfa", commands.Pulse()),
        (b"\x10\x14\x01\x00\x05", commands.Pulse()),
        (b"\x1d(k\x03\x001C\x08", commands.Skip()),
        (b"\x1bD\x08\x10\x00", commands.Skip()),
        (b"\x1b*\x21\x02\x00\x01\x02\x03\x04\x05\x06", commands.Skip()),
        (b"\x1c.", commands.Skip()),
        (b"\x1bt\x13", commands.Set("page", 19)),
        (b"Hi", commands.Write(b"Hi")),
        (b"\n", commands.EndLine()),
    ],
)
def test_a_command_is_taken_whole_and_only_when_it_is_complete(
    data: bytes, expected: commands.Command
) -> None:
    reader = commands.Reader()
    if len(data) > 1 and data[0] < 0x20:
        reader.push(data[:-1])
        assert reader.next_command() is None
        reader.push(data[-1:])
    else:
        reader.push(data)
    assert reader.next_command() == expected
    assert reader.next_command() is None
    assert len(reader) == 0
