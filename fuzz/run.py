"""Fuzz for a bounded time: ``python -m fuzz.run reader 300`` or ``writer 300`` (seconds), from the project's folder.

An input that breaks a promise is left in the folder that ``--found`` names, and is a test from then on
(tests/bad_input/test_fuzzed.py).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["xlprofit", "zipfile"]):
    from fuzz import targets
    from fuzz.packages import MOST_BYTES, WORDS, changed, seeds

FOUND = Path(__file__).parent / "found"
MOST_MEMORY = 2_000
"""The MB past which an input counts as found."""

LONGEST = 60
"""The seconds past which an input counts as found."""


def main() -> None:
    """Fuzz, and say how many inputs were tried and what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[name for name in targets.TARGETS if name not in targets.PLAIN])
    parser.add_argument("seconds", type=int)
    parser.add_argument("--found", type=Path, default=FOUND)
    asked = parser.parse_args()
    target = targets.TARGETS[asked.target]
    asked.found.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus, words = Path(folder) / "corpus", Path(folder) / "words"
        corpus.mkdir()
        for number, seed in enumerate(seeds()):
            (corpus / f"seed{number}").write_bytes(seed)
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in WORDS))
        options = {
            "max_total_time": asked.seconds,
            "dict": words,
            "artifact_prefix": f"{asked.found}/{asked.target}-",
            "timeout": LONGEST,
            "report_slow_units": LONGEST,
            "rss_limit_mb": MOST_MEMORY,
            "max_len": MOST_BYTES,
        }
        arguments = [f"-{name}={value}" for name, value in options.items()]
        told: set[str] = set()
        tried = 0

        def one(data: bytes) -> None:
            nonlocal tried
            tried += 1
            try:
                target(data)
            except Exception as error:
                if (key := _place(error)) not in told:
                    told.add(key)
                    name = f"{asked.target}-{hashlib.sha256(data).hexdigest()[:12]}"
                    (asked.found / name).write_bytes(data)
                    traceback.print_exc()
                    print(f"found: {name}", file=sys.stderr, flush=True)
            if tried % 1_000 == 0:
                print(f"{tried:,} inputs: {dict(targets.counted)}", file=sys.stderr, flush=True)

        def mutated(data: bytes, most: int, seed: int) -> bytes:
            whole = seed % 4 == 0
            return bytes(atheris.Mutate(data, most)) if whole else changed(data, seed, atheris.Mutate)

        atheris.Setup([sys.argv[0], *arguments, str(corpus)], one, custom_mutator=mutated)
        atheris.Fuzz()


def _place(error: Exception) -> str:
    """Return where an error was raised: of each place one input is kept, and the fuzzer goes on."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {[(f.name, f.lineno) for f in frames[-3:]]}"


def _escaped(word: str) -> str:
    """Return a word as the fuzzer's dictionary has it: what is no plain letter by its number."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word.encode()
    )


if __name__ == "__main__":
    main()
