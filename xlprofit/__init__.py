"""Which customers are profitable once everything spent on winning and keeping them is counted.

The public names are loaded when they are first asked for: ``import xlprofit`` alone starts no pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlprofit.comparison.bridge import compare
    from xlprofit.cubes import cube
    from xlprofit.errors import FileError, StoppedError, UnknownNameError, XlprofitError
    from xlprofit.findings import Finding
    from xlprofit.importing.intake import import_files
    from xlprofit.importing.proposals.proposal import propose
    from xlprofit.results import Results
    from xlprofit.results import compute_scenario as scenario
    from xlprofit.standalone import loss_rates, screen
    from xlprofit.workflow import analyze, check, clear, new, refresh

__version__ = "0.1.0"

__all__ = [
    "FileError",
    "Finding",
    "Results",
    "StoppedError",
    "UnknownNameError",
    "XlprofitError",
    "analyze",
    "check",
    "clear",
    "compare",
    "cube",
    "import_files",
    "loss_rates",
    "new",
    "propose",
    "refresh",
    "scenario",
    "screen",
]

_HOMES = {
    "propose": "importing.proposals.proposal",
    "FileError": "errors",
    "Finding": "findings",
    "Results": "results",
    "StoppedError": "errors",
    "UnknownNameError": "errors",
    "XlprofitError": "errors",
    "analyze": "workflow",
    "check": "workflow",
    "clear": "workflow",
    "compare": "comparison.bridge",
    "cube": "cubes",
    "import_files": "importing.intake",
    "loss_rates": "standalone",
    "new": "workflow",
    "refresh": "workflow",
    "scenario": "results",
    "screen": "standalone",
}

_CALLED = {"scenario": "compute_scenario"}
"""What a public name is called in its module, where that differs."""


def __getattr__(name: str) -> object:
    """Load a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xlprofit' has no attribute {name!r}")
    return getattr(import_module(f"xlprofit.{_HOMES[name]}"), _CALLED.get(name, name))


def main() -> None:
    """Refresh the workbook that called: what the one button of the minimal add-in runs."""
    import_module("xlprofit.excel.macros").refresh()


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
