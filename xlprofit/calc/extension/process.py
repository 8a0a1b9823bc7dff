"""Having the installed xlprofit do the work, in a process of its own: LibreOffice's Python has no pandas."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, Queue
from typing import Any, NamedTuple

from xlprofit.words.speech import N_, _

SETTINGS = "xlprofit.json"
"""The file at the root of the extension that says which Python to call."""

_OWN = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "UNO_PATH", "URE_BOOTSTRAP")
"""What LibreOffice sets for its own Python, and another one must not see."""

INSTALL_AGAIN = N_("Run “xlprofit calc install” again in the Python that has xlprofit.")
REPORT = N_("This is a fault of xlprofit: please report it.")


class Outcome(NamedTuple):
    """What the work came to: words where it was done, an error with its fix where not, and what was found.

    ``former`` gives what sheets of ours are called so far that are now to be called otherwise, by the new name;
    ``below`` the first row right below a table that was read with it, from 1, and how many there are, by sheet.
    """

    done: str = ""
    error: str = ""
    findings: Sequence[Any] = ()
    former: Mapping[str, str] = {}
    below: Mapping[str, Sequence[int]] = {}


def read_installed_settings() -> dict[str, Any]:
    """Return what the installation wrote down: the ``command`` to call and the ``version``, empty where none."""
    here = os.path.abspath(__file__)
    for _folder in range(5):
        here = os.path.dirname(here)
    try:
        with open(os.path.join(here, SETTINGS), encoding="utf-8") as file:
            return {"command": [], "version": "", **json.load(file)}
    except (OSError, ValueError):
        return {"command": [], "version": ""}


def run_installed_program(words: Sequence[str], folder: str, stage: Callable[[str], None]) -> Outcome:
    """Run the installed xlprofit on some words; ``stage`` is called with its words and, in between, with none."""
    program = read_installed_settings()["command"]
    if not program:
        return Outcome(error=" ".join((_("The extension does not say where xlprofit is."), _(INSTALL_AGAIN))))
    try:
        process = _start_program([*program, *words], folder)
    except OSError as error:
        return _build_failed_outcome(
            _("{program} cannot be started", program=program[0]), error.strerror or str(error)
        )
    said: Queue[bytes] = Queue()
    complaint: list[bytes] = []
    threads = [
        threading.Thread(target=_forward_lines, args=(process.stdout, said), daemon=True),
        threading.Thread(target=lambda: complaint.extend(process.stderr or ()), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        outcome = _follow_process(process, said, threads, stage)
    finally:
        process.kill()  # where the document was closed meanwhile
    if process.returncode and not outcome.error:
        return _explain_stop(b"".join(complaint), process.returncode)
    return outcome


def _start_program(command: Sequence[str], folder: str) -> subprocess.Popen[bytes]:
    """Start a program in a folder, without what LibreOffice sets for its own Python, and listen to it."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key not in _OWN},
        creationflags=0x08000000 if sys.platform == "win32" else 0,  # no black window on Windows
    )


def _explain_stop(complaint: bytes, code: int) -> Outcome:
    """Return the error of a program that stopped: the last line of its complaint, or else the code it ended with."""
    last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:]
    why = " ".join(last) or str(code)
    gone = "No module named" in why
    return _build_failed_outcome(_("xlprofit stopped"), why, INSTALL_AGAIN if gone else REPORT)


def _build_failed_outcome(what: str, why: str, fix: str = INSTALL_AGAIN) -> Outcome:
    return Outcome(error=f"{what} ({why}). {_(fix)}")


def _forward_lines(stream: Any, said: Queue[bytes]) -> None:
    for line in stream:
        said.put(line)


def _follow_process(
    process: subprocess.Popen[bytes],
    said: Queue[bytes],
    threads: Sequence[threading.Thread],
    stage: Callable[[str], None],
) -> Outcome:
    outcome = Outcome()
    while True:
        ended = process.poll() is not None and not any(thread.is_alive() for thread in threads)
        try:
            line = said.get_nowait()
        except Empty:
            if ended:
                return outcome
            stage("")
            time.sleep(0.1)
            continue
        message = _parse_message(line)
        if "stage" in message:
            stage(message["stage"])
        else:
            outcome = outcome._replace(**{k: v for k, v in message.items() if k in Outcome._fields})


def _parse_message(line: bytes) -> dict[str, Any]:
    """Return the message that a line holds; an empty one where it holds none."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
