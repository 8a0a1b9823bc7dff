"""Sources: which table comes from where, as the command line says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.arguments import list_given
from xlprofit.errors import UnknownNameError
from xlprofit.headings import table_meant
from xlprofit.messages import _, name_in_workbook
from xlprofit.sources import secrets
from xlprofit.sources.errors import SourceError
from xlprofit.sources.options import add_given_value, parse_options
from xlprofit.tables import SOURCED, header_key

if TYPE_CHECKING:
    from xlprofit.importing.exports.export import ExportSheet

TIME_LIMIT = 600.0
"""Seconds that a query may take where nobody says."""

LONGEST_PLACE = 120
"""So many letters of where a source comes from are told in a message."""

SPARK = "spark:"
"""What an address begins with that Spark reads."""


@dataclass(frozen=True)
class Source:
    """One input table's source.

    ``address`` is a path, a pattern, a URL, or the place of one (``env:NAME``); ``query`` a table of a
    database or a SELECT. ``mapping`` gives the source's column for a column of the table. ``folder``
    is where a path that is not absolute starts; ``None`` of a workbook that has no folder. ``profile`` says how an
    export is read: the name of a ready one, a TOML file, or the profile itself; ``export`` has the cells of the
    file where they were read already. ``query`` of a workbook is the name of a sheet. ``named_outside``: whether
    somebody else than the workbook named it; ``kept``: the place where its address is kept, where it came from there.
    ``replaces`` is the place that the table came from before this source, where it takes the place of another one.
    """

    table: str
    address: str
    query: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    password: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    time_limit: float = TIME_LIMIT
    folder: Path | None = Path()
    profile: str = ""
    named_outside: bool = True
    kept: str = ""
    export: Sequence[ExportSheet] = field(default=(), repr=False, compare=False)
    replaces: str = ""

    @property
    def label(self) -> str:
        """What messages call it: the table and where it comes from, without any secret."""
        at = self.kept or (
            self.address
            if secrets.is_secret_place(self.address)
            else re.sub(r"^(\w+://)[^@/]*@", r"\1", self.address)
        )
        if "://" not in at and not secrets.is_secret_place(at):
            at = Path(re.sub(r"^spark:", "", at)).name or at
        at = at if len(at) <= LONGEST_PLACE else f"{at[:LONGEST_PLACE]}…"
        short = self.query if re.fullmatch(r"[\w.\"]+", self.query) else _("a query") if self.query else ""
        return _(
            "{table} from {place}", table=name_in_workbook(self.table), place=f"{at}#{short}" if short else at
        )


def read_given_sources(texts: str | Source | Iterable[str | Source]) -> tuple[Source, ...]:
    """Return the sources of a command line: ``Sales=PATH_OR_URL``, in a database with ``#table`` behind.

    Raises:
        UnknownNameError: there is no such table.
        ArgumentError: one is neither a text nor a source.
        SourceError: a text has no ``=``, or a password in it; a table is given two sources.
    """
    given = list_given(
        texts, (str, Source), "sources", _("texts such as {example}", example='"Sales=sales.parquet"')
    )
    found: dict[str, Source] = {}
    for text in given:
        source = text if isinstance(text, Source) else _parse_given_source(text)
        if source.table in found:
            raise SourceError(
                _(
                    "{table} is given two sources: {one} and {other}",
                    table=name_in_workbook(source.table),
                    one=found[source.table].label,
                    other=source.label,
                ),
                _(
                    "Put the files into one folder and name that, or a pattern such as {example}",
                    example="sales-*.csv",
                ),
            )
        found[source.table] = source
    return tuple(found.values())


def complete_sources(
    texts: Iterable[str], mappings: Iterable[str] = (), told: Iterable[str] = ()
) -> tuple[Source, ...]:
    """Return the sources of a command line with the mappings and options that are given beside them.

    Each of those begins with its table, ``Sales: customer=cust_no; gross_revenue=net``; without one it is for the
    only source there is.

    Raises:
        UnknownNameError: there is no such table, or no source of it.
        SourceError: a text cannot be understood.
    """
    sources = {source.table: source for source in read_given_sources(texts)}
    for table, text in _join_texts(mappings, "; ", sources).items():
        found = parse_mapping(text, sources[table].label)
        sources[table] = replace(sources[table], mapping=found)
    for table, text in _join_texts(told, " ", sources).items():
        found = parse_options(text, sources[table].label)
        sources[table] = replace(sources[table], options=found)
    return tuple(sources.values())


def _join_texts(parts: Iterable[str], between: str, sources: Mapping[str, Source]) -> dict[str, str]:
    """Return what the texts of a command line say of each table that they are for, as one text."""
    said: dict[str, list[str]] = {}
    for part in parts:
        table, text = _split_table(part, sources)
        said.setdefault(table, []).append(text)
    return {table: between.join(texts) for table, texts in said.items()}


def _split_table(text: str, sources: Mapping[str, Source]) -> tuple[str, str]:
    """Return the table that a text of the command line is for, and the rest of it."""
    name, colon, rest = text.partition(":")
    table = table_meant(name) if colon else None
    if table is None and len(sources) == 1:
        return next(iter(sources)), text.strip()
    if table is None or table not in sources:
        raise UnknownNameError(name.strip(), tuple(sources), "source")
    return table, rest.strip()


def _parse_given_source(text: str) -> Source:
    name, equals, address = text.partition("=")
    if not equals or not address.strip():
        raise SourceError(
            _('The source "{source}" does not say where the table comes from', source=text.strip()),
            _("Write TABLE=PATH_OR_URL, such as Sales=sales.parquet"),
        )
    table = table_meant(name)
    if table not in SOURCED:
        raise UnknownNameError(name.strip(), SOURCED, "table that may come from a source")
    return build_source(table, address.strip())


def build_source(table: str, address: str, **other: object) -> Source:
    """Return a source; what stands behind ``#`` in an address is the table of a database, or a workbook's sheet.

    Raises:
        SourceError: the address has a password in it.
    """
    secrets.refuse_password(address, label_source(table))
    query = ""
    if "://" in address or secrets.is_secret_place(address) or address.startswith(SPARK):
        address, _hash, query = address.partition("#")
    elif found := re.fullmatch(r"(.*\.xls[xm])#([^/\\]+)", address, re.IGNORECASE):
        address, query = found[1], found[2]
    said = {"query": query} | {k: v for k, v in other.items() if v or k == "folder"}
    return Source(table, address, **said)  # type: ignore[arg-type]


def locate_source(source: Source) -> Source:
    """Return a source with its path, where that is kept elsewhere; an address with a server in it stays kept."""
    if not secrets.is_secret_place(source.address):
        return source
    address = secrets.fetch_secret(source.address, source.label)
    if "://" in address:
        return source
    return replace(source, address=address, kept=source.address, named_outside=True)


def label_source(table: str) -> str:
    """Return what messages call a source of which nothing else is known yet."""
    return _("The source of {table}", table=name_in_workbook(table))


def parse_mapping(text: str, label: str) -> dict[str, str]:
    """Return a mapping such as ``customer=cust_no; gross_revenue=net``: column of the table → the source's.

    Raises:
        SourceError: a part has no ``=``.
    """
    found: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in re.split(r"[;\n]", text))):
        column, equals, theirs = (p.strip() for p in part.partition("="))
        if not equals or not column or not theirs:
            raise SourceError(
                _('{source}: the mapping has "{part}", which is no column=column', source=label, part=part),
                _("Write customer=cust_no; gross_revenue=net: the table's column, then the source's"),
            )
        known = {header_key(name): name for name in found}
        add_given_value(found, known.get(header_key(column), column), theirs, label)
    return found
