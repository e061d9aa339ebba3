"""What a program asks of the kernel, call by call, in the order in which it is done.

strace watches every thread at the border of the kernel, so the program runs as it is: whichever
library writes, and by whichever call. Why so: docs/adr/0015.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CHANGES = (
    *("open", "openat", "openat2", "creat", "lseek", "mmap"),
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range"),
    *("truncate", "ftruncate", "fallocate"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat"),
    *("link", "linkat", "symlink", "symlinkat", "mknod", "mknodat"),
    *("fsync", "fdatasync", "sync_file_range", "sync", "syncfs", "msync", "ioctl"),
)
"""Everything that can change what is on a disk, and what tells where a write goes. A machine that
lacks one of the older calls does not know its name: the question mark lets strace pass over it."""

WIDEST = 1 << 26  # bytes of one write that are kept; more would be cut off, and is refused

_WHOLE = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|\?)(.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)", re.DOTALL)
_UNFINISHED = " <unfinished ...>"
_RELATIVE = re.compile(
    r"(?:open|creat|truncate|rename|unlink|rmdir|mkdir|link|symlink|mknod)(?:at)?2?"
    r'\((?:\w+<([^>]*)>, )?"((?!\\x2f)(?:\\x..)+)"'
)
"""A path from where the program stands, and, where strace tells it, that place."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that went well and names something under the folder `under`. `begun` and `ended`
    count lines of the trace: of two calls at the same time, which one the kernel did first is not
    known."""

    under: Path
    name: str
    args: tuple[str, ...]
    result: int
    begun: int
    ended: int


def record(program: Sequence[str], trace: Path, timeout_s: float) -> str:
    """Run `program` and write what it does to `trace`; what it printed. Raises RuntimeError."""
    strace = shutil.which("strace")
    if strace is None:
        raise RuntimeError("strace is not there; .ci/setup installs it")
    watched = "trace=" + ",".join(f"?{name}" for name in CHANGES)
    quiet = ["-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", str(WIDEST), "-e", "signal=none"]
    command = [strace, *quiet, "-e", watched, "-o", str(trace), "--", *program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{program}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr}")
    return done.stdout


def calls(trace: Path, folders: Sequence[Path]) -> Iterator[Call]:
    """The calls that name something under `folders`, in the order in which they ended. No folder
    may be named as another one begins."""
    signs = {_hex(str(folder)): folder for folder in folders}
    wanted = re.compile("|".join(re.escape(sign) for sign in signs))
    begun: dict[str, tuple[int, Path, str]] = {}
    with trace.open(encoding="ascii") as lines:
        for number, line in enumerate(lines):
            pid, _, text = line.rstrip("\n").partition(" ")
            text = text.lstrip()
            resumed = _RESUMED.fullmatch(text)
            if resumed is not None:
                if pid not in begun:
                    continue
                first, under, half = begun.pop(pid)
                call = _call(under, half + resumed[1], first, number)
            elif (sign := wanted.search(text) or wanted.search(_relative(text))) is None:
                continue
            elif text.endswith(_UNFINISHED):
                begun[pid] = number, signs[sign[0]], text.removesuffix(_UNFINISHED)
                continue
            else:
                call = _call(signs[sign[0]], text, number, number)
            if call is not None:
                yield call


def _relative(text: str) -> str:
    """The path of a call that names one from where the program stands, as the trace would write
    it in full; "" for other calls. Raises ValueError where nobody knows where that is."""
    found = _RELATIVE.match(text)
    if found is None or " = -1 " in text[-60:]:
        return ""
    if found[1] is None:
        raise ValueError(f"a path from nowhere: {text[:200]}")
    return _hex(os.path.normpath(_plain(found[1]) + "/" + _plain(found[2])))


def _call(under: Path, text: str, begun: int, ended: int) -> Call | None:
    """None for a call that failed, and so changed nothing, or did not come back."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise ValueError(f"not understood: {text[:200]}")
    name, args, result, _ = found.groups()
    if result == "?" or int(result) < 0:
        return None
    # Strings and paths are written in hexadecimal, so no comma stands inside one.
    return Call(under, name, tuple(args.split(", ")), int(result), begun, ended)


def _hex(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def _plain(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode()


def data_of(arg: str) -> bytes:
    """The bytes of a quoted argument. Raises ValueError for one that was cut off."""
    if not (arg.startswith('"') and arg.endswith('"')):
        raise ValueError(f"no whole string: {arg[:80]}")
    return bytes.fromhex(arg[1:-1].replace("\\x", ""))


def path_of(arg: str) -> Path:
    """What an open file of the program is called, also after somebody removed its name."""
    inside = arg[arg.index("<") + 1 : arg.rindex(">")]
    return Path(_plain(inside))


def number_of(arg: str) -> int:
    """The number of an open file."""
    return int(arg[: arg.index("<")])
