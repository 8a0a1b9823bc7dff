"""How long the formulas take on their way from Excel and back: ``python -m benchmarks.formulas``.

The calls go through xlwings' own ``call_udf`` with a stand-in for COM, whose cost is taken off: it is that of as many
calls of a function that does nothing. What Excel, COM and the add-in's VBA take is not in the times.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from types import ModuleType
from typing import Any

from tests.excel import stand_in
from tests.excel.live_com import Excel

CUSTOMERS = 10_000
RUNS = 7
START = "import time; t = time.perf_counter(); import xlprofit.formulas; print(time.perf_counter() - t)"


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of some runs."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


def starting() -> float:
    """Return what it takes to import the formulas, compiled as an installed package is, in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        env["PYTHONPYCACHEPREFIX"] = folder
        command = [sys.executable, "-c", START]
        taken = [
            float(subprocess.run(command, check=True, capture_output=True, env=env).stdout)
            for _ in range(RUNS + 1)
        ]
    return median(taken[1:])  # the first one compiles


def main() -> None:
    """Print the times, in milliseconds."""
    stand_in.install()
    import xlwings as xw
    from xlwings import udfs

    from xlprofit import formulas
    from xlprofit.excel import functions

    call_udf: Callable[..., Any] = udfs.call_udf
    example = formulas.build_example()
    names = [f"Customer {number:05d} Oy" for number in range(CUSTOMERS)]
    body = [[name, *example.rows[0][1:]] for name in names]
    sheet = formulas.build_results_rows("one", "EUR", example.columns, body)
    excel = Excel("Report", formulas.SHEET)
    excel[formulas.SHEET].fill(sheet)
    caller = excel["Report"].block(1, 1, 1, 1)
    idle: Any = ModuleType("benchmarks.idle")
    idle.__file__ = __file__
    sys.modules[idle.__name__] = idle

    def nothing(customer, measure, period, caller, refreshed):  # type: ignore[no-untyped-def]
        return [[0.0]]

    for argument in ("customer", "measure", "period", "caller", "refreshed"):
        nothing = xw.arg(argument, convert="raw")(nothing)
    idle.nothing = xw.func(xw.ret(convert="raw")(nothing))

    def call(customer: object, module: str = functions.__name__, name: str = "CUSTOMER_PROFIT") -> Any:
        given = (customer, stand_in.MISSING, stand_in.MISSING, None, "book.xlsx|one")
        return call_udf(module, name, given, None, caller)

    assert call(names[7]) == [[example.rows[0][4]]]
    column = tuple((name,) for name in names)
    assert len(call(column)) == CUSTOMERS
    single = seconds(lambda: [call(name) for name in names])
    without = seconds(lambda: [call(name, idle.__name__, "nothing") for name in names])
    for what, taken in (
        (f"{CUSTOMERS:,} calls, a customer each", single),
        ("the same, of a function that does nothing", without),
        ("what is left", single - without),
        (f"one call, {CUSTOMERS:,} customers", seconds(lambda: call(column))),
        ("one call, the whole table", seconds(lambda: call(stand_in.MISSING))),
        ("reading the results sheet", seconds(lambda: formulas.Lookup.from_rows(sheet))),
        ("import xlprofit.formulas", starting()),
    ):
        print(f"{what:<45} {1000 * taken:>8.1f} ms")


if __name__ == "__main__":
    main()
