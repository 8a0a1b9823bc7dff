"""A stand-in for pywin32, so that xlwings' own Windows code runs on any platform (:mod:`tests.excel.live_com`).

It takes the place of modules before xlwings is imported, so it belongs in a process of its own:
:func:`run` runs a script in one and returns what the script left in ``result``.
"""

from __future__ import annotations

import ctypes
import json
import sys
import traceback
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

from tests.excel.beside import Beside

MISSING = -2147352572
"""What COM passes where an optional argument was left out (DISP_E_PARAMNOTFOUND)."""

ERRORS = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#VALUE!": -2146826273, "#NUM!": -2146826252}
"""What COM passes for a cell that holds an error."""

_MOCKED = (
    "pythoncom win32com win32com.client win32com.server win32com.server.dispatcher win32com.server.policy "
    "win32com.server.util win32api win32con win32event win32gui win32process win32timezone win32ui"
)


class TimeType(datetime):
    """pywin32's kind of a date."""


class ComError(Exception):
    """pywin32's error of a COM call."""


def run(script: str, **given: object) -> Any:
    """Run a script where the stand-in is installed, with ``given`` as names; return its ``result``.

    All scripts run in one process, since xlwings takes seconds to start; each has names of its own.
    """
    answer = _start().answer({"script": script, "given": given})
    assert "error" not in answer, answer["error"]
    return answer["result"]


@cache
def _start() -> Beside:
    return Beside("from tests.excel import stand_in; stand_in.serve()")


def serve() -> None:
    """Install the stand-in, then run each script that comes in, and print its result, as lines of JSON."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a script prints is no answer
    install()
    for line in sys.stdin:
        asked = json.loads(line)
        names = {**asked["given"], "stand_in": sys.modules[__name__]}
        try:
            exec(compile(asked["script"], "<script>", "exec"), names)
            answer = json.dumps({"result": names["result"]})
        except Exception:
            answer = json.dumps({"error": traceback.format_exc()})
        print(answer, file=answers, flush=True)


def install() -> None:
    """Put the stand-in where pywin32 would be, import xlwings over it and make its Excel engine active."""
    for name in _MOCKED.split():
        sys.modules[name] = MagicMock(name=name)
    for name in _MOCKED.split():
        if "." in name:
            parent, _, child = name.rpartition(".")
            setattr(sys.modules[parent], child, sys.modules[name])
    pywintypes: Any = ModuleType("pywintypes")
    pywintypes.TimeType = TimeType
    pywintypes.com_error = ComError
    pywintypes.error = ComError
    pywintypes.IID = str
    sys.modules["pywintypes"] = pywintypes
    client: Any = sys.modules["win32com.client"]
    client.CDispatch = client.DispatchBaseClass = type("CDispatch", (), {})
    client.CoClassBaseClass = type("CoClassBaseClass", (), {})
    client.Dispatch = lambda dispatched, **_: dispatched
    pythoncom: Any = sys.modules["pythoncom"]
    pythoncom.__file__ = "pythoncom.dll"
    pythoncom.CoMarshalInterThreadInterfaceInStream = _pass  # called for each cell: a mock would be slow
    sys.modules["win32com.server.util"].unwrap = _unwrap  # type: ignore[attr-defined]
    _import_xlwings()


def _unwrap(dispatched: object) -> object:
    raise ComError("not an object of this server")


def _pass(*_: object) -> None:
    pass


def _import_xlwings() -> None:
    """Import xlwings as Windows would: ctypes has loaders there that it lacks elsewhere."""
    loaders: Any = ctypes
    kept = ctypes.PyDLL
    loaders.oledll = loaders.windll = loaders.PyDLL = MagicMock()
    try:
        import xlwings._xlwindows as windows
        from xlwings import udfs
    finally:
        loaders.PyDLL = kept
    xlwings: Any = sys.modules["xlwings"]
    # off Windows, xlwings' own decorators do nothing
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    xlwings.engines.add(xlwings.Engine(impl=windows.engine))
    xlwings.engines["excel"].activate()
