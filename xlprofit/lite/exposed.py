"""What a workbook's own code shows in xlwings Lite: the scripts, and the formulas to be typed by hand.

The code that :mod:`xlprofit.lite.embedding` puts into a workbook imports everything from here.
"""

from __future__ import annotations

from xlprofit.excel import custom_functions, scripts
from xlprofit.excel.custom_functions import XLPROFIT_LAST_ERROR
from xlprofit.formulas import REGISTRY

_SCRIPTS = {
    name: found for name, found in vars(scripts).items() if not name.startswith("_") and callable(found)
}
_FORMULAS = {name: getattr(custom_functions, name) for name in REGISTRY}
globals().update(_SCRIPTS | _FORMULAS)

__all__ = [*_SCRIPTS, *_FORMULAS, "XLPROFIT_LAST_ERROR"]
