"""Having the installed xlprofit do the work, in a process of its own: LibreOffice's Python has no pandas."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, Queue
from typing import Any, NamedTuple

SETTINGS = "xlprofit.json"
"""The file at the root of the extension that says which Python to call."""

_OWN = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "UNO_PATH", "URE_BOOTSTRAP")
"""What LibreOffice sets for its own Python, and another one must not see."""

MEND = "Run “xlprofit calc install” again in the Python that has xlprofit."


class Outcome(NamedTuple):
    """What the work came to: words where it was done, an error with its mend where not, and the findings."""

    done: str = ""
    error: str = ""
    findings: Sequence[Any] = ()


def command() -> list[str]:
    """Return the command that the installation wrote down; empty where there is none."""
    here = os.path.abspath(__file__)
    for _ in range(5):
        here = os.path.dirname(here)
    try:
        with open(os.path.join(here, SETTINGS), encoding="utf-8") as file:
            return [str(word) for word in json.load(file)["command"]]
    except (OSError, ValueError, KeyError):
        return []


def run(words: Sequence[str], folder: str, stage: Callable[[str], None]) -> Outcome:
    """Run the installed xlprofit on some words; ``stage`` is called with its words and, in between, with none."""
    program = command()
    if not program:
        return Outcome(error=f"The extension does not say where xlprofit is. {MEND}")
    environment = {key: value for key, value in os.environ.items() if key not in _OWN}
    hidden = 0x08000000 if sys.platform == "win32" else 0  # no black window on Windows
    try:
        process = subprocess.Popen(
            [*program, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
            creationflags=hidden,
        )
    except OSError as error:
        return Outcome(error=f"{program[0]} cannot be started ({error.strerror or error}). {MEND}")
    said: Queue[bytes] = Queue()
    complaint: list[bytes] = []
    threads = [
        threading.Thread(target=_passed_on, args=(process.stdout, said), daemon=True),
        threading.Thread(target=lambda: complaint.extend(process.stderr or ()), daemon=True),
    ]
    for thread in threads:
        thread.start()
    outcome = _followed(process, said, threads, stage)
    if process.returncode and not outcome.error:
        last = b"".join(complaint).decode("utf-8", "replace").strip().splitlines()[-1:]
        return Outcome(error=f"xlprofit stopped: {' '.join(last) or process.returncode}. {MEND}")
    return outcome


def _passed_on(stream: Any, said: Queue[bytes]) -> None:
    for line in stream:
        said.put(line)


def _followed(
    process: subprocess.Popen[bytes],
    said: Queue[bytes],
    threads: Sequence[threading.Thread],
    stage: Callable[[str], None],
) -> Outcome:
    outcome = Outcome()
    while True:
        ended = process.poll() is not None and not any(thread.is_alive() for thread in threads)
        try:
            message = json.loads(said.get_nowait())
        except Empty:
            if ended:
                return outcome
            stage("")
            time.sleep(0.1)
            continue
        except ValueError:
            continue
        if "stage" in message:
            stage(message["stage"])
        else:
            outcome = outcome._replace(**{k: v for k, v in message.items() if k in Outcome._fields})
