"""Makes the cues beside this file: soft sine chords, 22,050 Hz mono, 16 bit.

Run once after a change: `python assets/sounds/make.py`.
"""

from __future__ import annotations

import array
import math
import sys
import wave
from pathlib import Path

RATE = 22_050
# name: (start s, length s, hertz, loudness 0..1) of each note
CUES = {
    "scanned": ((0.0, 0.11, 1318.5, 0.5),),
    "accepted": ((0.0, 0.16, 784.0, 0.4), (0.09, 0.26, 1174.7, 0.4)),
    "attention": ((0.0, 0.2, 493.9, 0.5), (0.24, 0.3, 415.3, 0.5)),
    # At the counter, hundreds of times a day and beside a customer: short, and told apart by their
    # direction with eyes on the shelf. Up is right, twice the same wants a look, down is wrong.
    "right": ((0.0, 0.07, 987.8, 0.42), (0.06, 0.11, 1480.0, 0.42)),
    "care": ((0.0, 0.12, 740.0, 0.45), (0.17, 0.14, 740.0, 0.45)),
    "wrong": ((0.0, 0.16, 311.1, 0.6), (0.15, 0.28, 233.1, 0.6)),
    "done": ((0.0, 0.2, 659.3, 0.35), (0.12, 0.2, 784.0, 0.35), (0.24, 0.45, 1046.5, 0.4)),
}


def samples(notes: tuple[tuple[float, float, float, float], ...]) -> array.array[int]:
    """The notes mixed, each with a short attack and a long decay so that nothing clicks."""
    total = int(max(start + length for start, length, _, _ in notes) * RATE) + 1
    mixed = [0.0] * total
    for start, length, hertz, loudness in notes:
        count = int(length * RATE)
        for i in range(count):
            t = i / RATE
            envelope = min(1.0, t / 0.008) * (1 - i / count) ** 2
            tone = math.sin(2 * math.pi * hertz * t) + 0.25 * math.sin(4 * math.pi * hertz * t)
            mixed[int(start * RATE) + i] += loudness * envelope * tone / 1.25
    data = array.array("h", (int(max(-1.0, min(1.0, value)) * 32_000) for value in mixed))
    if sys.byteorder == "big":
        data.byteswap()
    return data


def main() -> None:
    for name, notes in CUES.items():
        with wave.open(str(Path(__file__).with_name(f"{name}.wav")), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(notes).tobytes())


if __name__ == "__main__":
    main()
