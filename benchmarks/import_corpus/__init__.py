"""A corpus of exports as controllers get them, each with the figures that it should come to. It is the same each time.

``uv run python -m benchmarks.import_corpus FOLDER`` writes the files.
"""

from __future__ import annotations

from functools import cache

from benchmarks.import_corpus.accounts import list_accounts
from benchmarks.import_corpus.commerce import list_commerce
from benchmarks.import_corpus.crosstabs import list_planned
from benchmarks.import_corpus.documents import list_documents
from benchmarks.import_corpus.export import Export
from benchmarks.import_corpus.identities import list_identities
from benchmarks.import_corpus.languages import list_languages
from benchmarks.import_corpus.marks import list_marks
from benchmarks.import_corpus.others import list_others
from benchmarks.import_corpus.pivots import list_pivots
from benchmarks.import_corpus.programs import list_programs
from benchmarks.import_corpus.reports import list_reports
from benchmarks.import_corpus.shops import list_shops
from benchmarks.import_corpus.systems import list_systems
from benchmarks.import_corpus.texts import list_texts
from benchmarks.import_corpus.workbooks import list_workbooks

__all__ = ["Export", "list_exports"]


@cache
def list_exports() -> tuple[Export, ...]:
    """Return every export of the corpus, those with a ready-made profile last."""
    listed = (
        list_texts,
        list_marks,
        list_documents,
        list_reports,
        list_languages,
        list_programs,
        list_others,
        list_identities,
        list_shops,
        list_pivots,
        list_commerce,
        list_accounts,
        list_workbooks,
        list_planned,
        list_systems,
    )
    return tuple(export for make in listed for export in make())
