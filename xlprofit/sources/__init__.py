"""Sources: input tables that come from files, databases and Spark, the big ones as their sums.

:func:`resolve_sources` reads them; what an engine is given to run is written once, in
:mod:`xlprofit.sources.sums`. Ibis and the engines are imported only when a source is read.
"""

from __future__ import annotations

from xlprofit.sources.errors import SourceError
from xlprofit.sources.load import resolve_sources
from xlprofit.sources.spec import Source

__all__ = ["Source", "SourceError", "resolve_sources"]
