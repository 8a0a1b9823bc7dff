"""Try many inputs without a guide: ``python -m fuzz.many sources 500000`` from the project's folder.

Each input is a seed with a few changes, all told by a number, so that one that breaks a promise can be made again.
It needs no atheris; what it lacks in aim it has in number.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import traceback
from functools import partial
from pathlib import Path
from random import Random

from fuzz import targets
from fuzz.packages import WORDS, changed, seeds

FOUND = Path(__file__).parent / "found"

CELLS = (
    *(
        "\t",
        "\n",
        "://",
        "@",
        ":",
        "#",
        "=",
        ";",
        "?",
        "&",
        "%00",
        "[",
        "]",
        "::1",
        "**",
        "*",
        "..",
        "~",
        "\\\\",
        "//",
        "\\\\?\\UNC\\",
    ),
    *(
        "env:",
        "keyring:",
        "spark:",
        "postgresql://",
        "localhost",
        "host=",
        "sslkey=",
        "password=",
        "0x10",
        "1e400",
        "-0",
    ),
    *(
        "5e-324",
        "9" * 400,
        "2024-02-30",
        "31.12.2024",
        "NaN",
        "inf",
        "TRUE",
        "\x00",
        "\x1b[2J",
        "\u202e",
        "\udcff",
        "#N/A",
        "€",
    ),
    *("memory=1", "encoding=x", "delimiter=", "x" * 300),
)
"""What tables of settings and of sources are made of, and what they should not be."""


def change_bytes(choice: Random, data: bytes, most: int) -> bytes:
    """Return some bytes with a few of them changed, taken out or put in."""
    words = [word.encode("utf-8", "surrogatepass") for word in (*CELLS, *WORDS)]
    spoilt = bytearray(data)
    for _change in range(choice.randint(1, 4)):
        at = choice.randint(0, len(spoilt))
        new = choice.choice((bytes([choice.randrange(256)]), b"", choice.choice(words)))
        spoilt[at : at + choice.choice((0, 0, 1, 2, 9))] = new
    return bytes(spoilt[:most])


def build_input(target: str, number: int, started: list[bytes]) -> bytes:
    """Return the input of a number."""
    choice = Random(number)
    seed = choice.choice(started)
    if target in targets.PLAIN:
        return change_bytes(choice, seed, 4_000)
    return changed(seed, number, partial(change_bytes, choice))


def main() -> None:
    """Try as many inputs as are asked for, and say what became of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("target", choices=targets.TARGETS)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--found", type=Path, default=FOUND)
    asked = parser.parse_args()
    started = list(targets.SEEDS_OF_CELLS.get(asked.target) or seeds())
    told: set[str] = set()
    for number in range(asked.first, asked.first + asked.count):
        data = build_input(asked.target, number, started)
        try:
            targets.TARGETS[asked.target](data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            place = f"{type(error).__name__} {[(frame.name, frame.lineno) for frame in frames[-3:]]}"
            if place not in told:
                told.add(place)
                name = f"{asked.target}-{hashlib.sha256(data).hexdigest()[:12]}"
                (asked.found / name).write_bytes(data)
                traceback.print_exc()
                print(f"found: {name}, number {number}", file=sys.stderr, flush=True)
        if (number + 1 - asked.first) % 10_000 == 0:
            print(f"{number + 1 - asked.first:,} inputs: {dict(targets.counted)}", flush=True)
    print(f"{asked.count:,} inputs: {dict(targets.counted)}, {len(told)} found")


if __name__ == "__main__":
    main()
