"""The script that keeps the catalogues, for the tests: it is no part of the package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "translations" / "update.py"


def script() -> ModuleType:
    """Return translations/update.py as a module."""
    if SCRIPT.stem not in sys.modules or sys.modules[SCRIPT.stem].__file__ != str(SCRIPT):
        spec = importlib.util.spec_from_file_location(SCRIPT.stem, SCRIPT)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[SCRIPT.stem] = module
        spec.loader.exec_module(module)
    return sys.modules[SCRIPT.stem]
