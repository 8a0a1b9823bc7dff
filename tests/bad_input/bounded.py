"""A refresh in a process of its own, within bounds of time and memory, and what came of it.

A process starts as a copy of one that has imported everything, so that it takes no second to start. The bounds are
guards against what hangs or swells: they are many times what the largest workbook here needs.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import resource
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import xlprofit
from xlprofit.errors import StoppedError, XlprofitError
from xlprofit.findings import Finding

SECONDS = 120
"""The processor time that a workbook may take, of which none here needs a tenth."""

MB = 1 << 20

MEMORY = 400 * MB
"""The memory that a workbook may take beyond what the program takes by itself."""


@dataclass(frozen=True)
class Outcome:
    """What came of a refresh.

    Attributes:
        gross: the gross revenue of each customer; empty where the refresh was refused.
        codes: where the findings above a note stand, by their code; the cells of one code with a blank between.
        refusal: the one line that refuses it.
        unforeseen: the class of an error that no user should see.
        memory: the most memory that was taken beyond that of the program itself, in bytes.
        seconds: the processor time that it took.
        left: the names of the files in the folder.
        changed: whether the workbook is another than before.
    """

    gross: Mapping[str, float] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    unforeseen: str = ""
    memory: int = 0
    seconds: float = 0.0
    left: tuple[str, ...] = ()
    changed: bool = False


_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.bad_input.ready"])


def refreshed(path: Path, seconds: int = SECONDS, memory: int = MEMORY) -> Outcome:
    """Refresh a workbook in another process; AssertionError where it dies, or exceeds its bounds."""
    here, there = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_refresh, args=(path, there, seconds, memory))
    process.start()
    there.close()
    try:
        outcome = here.recv() if here.poll(4 * seconds) else None
    except EOFError:
        outcome = None
    if process.is_alive():
        process.join(10)
    if process.is_alive():
        process.kill()
        process.join()
    assert isinstance(outcome, Outcome), f"no answer, exit code {process.exitcode}"
    assert outcome.memory <= memory, f"{outcome.memory / MB:,.0f} MB"
    return outcome


def _refresh(path: Path, told: Connection, seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    before, held = hashlib.sha256(path.read_bytes()).digest(), _status("VmRSS")
    resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") + 2 * memory, resource.RLIM_INFINITY))
    outcome: dict[str, object] = {}
    began = time.process_time()
    try:
        results = xlprofit.refresh(path).results
        outcome["gross"] = results.customers["gross_revenue"].to_dict()
        outcome["codes"] = _codes(results.findings)
    except StoppedError as error:
        outcome["refusal"] = str(error)
        outcome["codes"] = _codes(error.findings)
    except XlprofitError as error:
        outcome["refusal"] = str(error)
    except BaseException as error:
        outcome["unforeseen"] = f"{type(error).__name__}: {error}"[:500]
    outcome["seconds"] = time.process_time() - began
    left = tuple(sorted(p.name for p in path.parent.iterdir()))
    changed = hashlib.sha256(path.read_bytes()).digest() != before
    told.send(Outcome(**outcome, memory=_status("VmHWM") - held, left=left, changed=changed))  # type: ignore[arg-type]


def _codes(findings: Iterable[Finding]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for finding in findings:
        if finding.severity != "note":
            codes[finding.code] = f"{codes.get(finding.code, '')} {finding.cell}".lstrip()
    return codes


def _status(key: str) -> int:
    """Return what the system says of this process, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key + ":"))
