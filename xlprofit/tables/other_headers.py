"""Headers that say something of a sheet beside its columns: net or gross, with tax, or known to mean something else.

The words stand in the files of the languages.
"""

from __future__ import annotations

from xlprofit.languages import list_reading_words

NET = list_reading_words("net_headers")
"""Headers of revenue that discounts and returns may be off already."""

WITH_TAX = list_reading_words("taxed_headers")
"""Headers of revenue that tax may be in, where a column of tax stands beside it."""

TAX = list_reading_words("tax_headers")
"""Headers of tax."""

MEANS_ELSE = list_reading_words("other_headers") + TAX
"""Headers that are known to mean none of the columns where they are no synonym: never offered for one of those."""
