"""Cold start to the attract screen, beside a bare Qt Quick window: processes taken in turns."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.environment import percentile

HELLO = [sys.executable, str(Path(__file__).with_name("hello.py"))]


def _until(command: list[str], word: str, env: dict[str, str]) -> float:
    """Milliseconds from the start of `command` to the first line that begins with `word`."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(word):
                took = (time.perf_counter() - began) * 1000
                process.stdout.read()
                return took
    raise RuntimeError(f"{command} never said {word!r}")


def run(rounds: int = 15) -> list[str]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    env.pop("DISPLAY", None)
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "takeback.toml"
        settings.write_text(f'data_dir = "{folder}/data"\n')
        kiosk = [
            str(Path(sys.executable).with_name("takeback")),
            *("run", "--settings", str(settings), "--leave-at", "attract"),
        ]
        _until(HELLO, "drawn", env)
        _until(kiosk, "attract", env)  # both once unmeasured: disk cache, bytecode
        hello, ours = [], []
        for _ in range(rounds):
            hello.append(_until(HELLO, "drawn", env))
            ours.append(_until(kiosk, "attract", env))
    a, b = percentile(hello, 0.5), percentile(ours, 0.5)
    return [
        f"cold start to first frame, median of {rounds}, processes in turns",
        f"  bare Qt Quick window   {a:7.0f} ms   (worst {max(hello):.0f})",
        f"  kiosk, attract screen  {b:7.0f} ms   (worst {max(ours):.0f})",
        f"  ratio                  {b / a:7.2f}      (goal: at most 1.6)",
    ]
