"""One process that has imported everything, whose copies each refresh a workbook while something goes wrong.

Run as a program by :mod:`tests.mishaps.harness`, with the library of faults loaded before the C library. It reads
lines of JSON, an experiment each, and answers each with a line.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import xlprofit
from tests.bad_input.plain import plain
from xlprofit import cli

FOLDER = Path(os.environ["FAULT_FOLDER"])
BOOK = FOLDER / "book.xlsx"


def digest(path: Path) -> str:
    """Return what tells a file's content from another's; an empty text where it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def clear() -> None:
    """Empty the folder and put the old workbook there."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    shutil.copy(FOLDER.parent / "old.xlsx", BOOK)


def list_leftovers() -> list[str]:
    """Return the names of what stands beside the workbook."""
    return sorted(path.name for path in FOLDER.iterdir() if path != BOOK)


def attempt(asked: dict[str, Any], faults: Any) -> None:
    """Refresh the workbook as the command does, with one call failing; end the process with the command's exit code."""
    out = os.open(FOLDER.parent / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.argv = ["xlprofit", "refresh", str(BOOK)]
    if asked["kind"] in ("call", "kill before call"):
        faults.fault_arm(asked["at"], asked["error"], int(asked["kind"] != "call"))
    elif asked["kind"] == "allocation":
        import_module("_testcapi").set_nomemory(asked["at"], asked["at"] + 1)
    try:
        cli.main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:
        code = 70
    finally:
        if asked["kind"] == "allocation":
            sys.modules["_testcapi"].remove_mem_hooks()
    (FOLDER.parent / "calls").write_text(f"{faults.fault_count()} {faults.fault_name().decode()}")
    faults.fault_arm(0, 0, 0)
    sys.stdout.flush()
    os._exit(code)


def run(asked: dict[str, Any], faults: Any) -> dict[str, object]:
    """Return what came of one experiment."""
    clear()
    (FOLDER.parent / "calls").unlink(missing_ok=True)
    started = time.monotonic()
    child = os.fork()
    if not child:
        attempt(asked, faults)
    if asked["kind"] == "kill":
        time.sleep(asked["at"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    seconds = time.monotonic() - started
    calls, left = FOLDER.parent / "calls", list_leftovers()
    found: dict[str, object] = {
        "code": os.waitstatus_to_exitcode(status),
        "digest": digest(BOOK),
        "left": left,
        "said": (FOLDER.parent / "said").read_text(errors="replace"),
        "calls": calls.read_text() if calls.exists() else "",
        "seconds": seconds,
    }
    if left and asked["followed"]:
        if not (child := os.fork()):
            attempt({"kind": "nothing", "at": 0}, faults)
        os.waitpid(child, 0)
        left = list_leftovers()
    return found | {"left_after_the_next": left if asked["followed"] else []}


def main() -> None:
    """Answer experiments until there are no more."""
    old = FOLDER.parent / "old.xlsx"
    plain(old)
    clear()
    xlprofit.refresh(BOOK)  # so that no copy imports anything
    faults = ctypes.CDLL(None)
    faults.fault_count.restype = ctypes.c_long
    faults.fault_name.restype = ctypes.c_char_p
    print(json.dumps({"old": digest(old), "new": digest(BOOK)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line), faults)), flush=True)


if __name__ == "__main__":
    main()
