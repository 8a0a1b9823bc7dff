"""What tables, columns, settings and the words of choice are called in every language: what an input may say.

English names are those of :mod:`xlprofit.tables`; the others come from the catalogues. Whatever language is
spoken, an input may use the names of any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from xlprofit.language import ENGLISH, LANGUAGES, spoken, term, terms
from xlprofit.tables import SETTINGS, TABLES, Column, Raw, header_key

FLAGS = {"yes": True, "no": False}
"""The words of a flag."""

OTHER_HEADERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Customers", "customer"): ("asiakasnumero", "asiakasnro", "asiakas_id", "asiakastunnus"),
    ("Customers", "name"): ("asiakkaan nimi", "asiakasnimi", "yritys"),
    ("Customers", "segment"): ("asiakassegmentti", "asiakasryhmä", "toimiala"),
    ("Customers", "owner"): ("asiakasvastaava", "myyjä"),
    ("Sales", "date"): ("pvm", "päivämäärä", "laskupäivä", "laskupvm", "tilauspäivä", "kirjauspäivä"),
    ("Sales", "customer"): ("asiakasnumero", "asiakasnro", "asiakas_id", "asiakastunnus"),
    ("Sales", "gross_revenue"): ("myynti", "liikevaihto", "veroton myynti"),
    ("Sales", "discount"): ("alennukset", "hyvitykset"),
    ("Sales", "returns"): ("palautus",),
    ("Sales", "cogs"): ("ostot", "hankintakulut", "ainekustannukset"),
    ("Sales", "invoice"): ("laskun numero", "laskunumero", "laskunro"),
    ("Sales", "product"): ("tuotenumero", "tuotekoodi", "nimike"),
    ("Sales", "quantity"): ("kpl", "yksiköt"),
    ("Resources", "resource"): ("kustannuspaikka", "osasto"),
    ("Resources", "cost"): ("kustannukset", "summa"),
    ("Resources", "period"): ("kuukausi",),
    ("ActivityLog", "date"): ("pvm", "päivämäärä"),
    ("ActivityLog", "customer"): ("asiakasnumero", "asiakasnro", "asiakas_id", "asiakastunnus"),
    ("ActivityLog", "quantity"): ("kpl", "lukumäärä"),
    ("DirectCosts", "date"): ("pvm", "päivämäärä"),
    ("DirectCosts", "customer"): ("asiakasnumero", "asiakasnro", "asiakas_id", "asiakastunnus"),
    ("DirectCosts", "amount"): ("kustannus",),
    ("DirectCosts", "note"): ("kuvaus",),
    ("Invoices", "invoice"): ("laskun numero", "laskunumero", "laskunro"),
    ("Invoices", "customer"): ("asiakasnumero", "asiakasnro", "asiakas_id", "asiakastunnus"),
    ("Invoices", "issued"): ("laskutettu", "laskupvm"),
    ("Invoices", "due"): ("eräpvm", "erääntyy"),
    ("Invoices", "amount"): ("laskun summa", "loppusumma"),
    ("Invoices", "paid"): ("maksupvm", "maksettu"),
    ("Balances", "date"): ("pvm", "päivämäärä"),
    ("Balances", "customer"): ("asiakasnumero", "asiakasnro", "asiakas_id", "asiakastunnus"),
    ("Balances", "balance"): ("saatava", "keskisaatava"),
    ("ControlTotals", "period"): ("kuukausi",),
}
"""Headers that are usual in other languages than English, beside the names there: read as synonyms."""


@cache
def table_keys() -> Mapping[str, str]:
    """Return the name of each table by the keys of its names in every language."""
    return {header_key(word): name for name in TABLES for word in terms("table", name)}


def table_meant(name: object) -> str | None:
    """Return the table that a name in any language means; ``None`` where it is none.

    >>> table_meant("sales"), table_meant("Myynti"), table_meant("Sheet1")
    ('Sales', 'Sales', None)
    """
    return table_keys().get(header_key(name))


@cache
def header_keys(table: str, column: str) -> frozenset[str]:
    """Return the keys of a column's own headers, one for each language."""
    return frozenset(map(header_key, terms(table, column)))


@cache
def _synonym_keys(table: str, column: str) -> tuple[str, ...]:
    spoken = TABLES[table].column(column).synonyms
    return tuple(map(header_key, (*spoken, *OTHER_HEADERS.get((table, column), ()))))


def synonym_keys(table: str, column: Column) -> tuple[str, ...]:
    """Return the keys of the other headers that a column is known by."""
    return _synonym_keys(table, column.name)


def other_headers(table: str, column: Column) -> tuple[str, ...]:
    """Return the other headers of a column that are worth a note in the language spoken."""
    if spoken() == ENGLISH:
        return column.synonyms
    known = (column.name, *OTHER_HEADERS.get((table, column.name), ()))
    return tuple(word for word in known if word != term(table, column.name))


def known_keys(table: str, column: Column) -> frozenset[str]:
    """Return the keys of every header that a column is known by."""
    return header_keys(table, column.name) | frozenset(synonym_keys(table, column))


@cache
def setting_keys() -> Mapping[str, str]:
    """Return the name of each setting by the keys of its names in every language."""
    return {header_key(word): name for name in SETTINGS for word in terms("setting", name)}


def word_meant(written: object, among: Iterable[str], kind: str = "word") -> str | None:
    """Return the one of the product's own words that is meant, in any language; ``None`` where none is.

    ``kind`` is ``line`` for a line of the P&L.

    >>> word_meant("Output unit", ("output-unit", "batch"))
    'output-unit'
    """
    return _by_key(tuple(among), kind).get(header_key(written))


@cache
def _by_key(among: tuple[str, ...], kind: str) -> Mapping[str, str]:
    known = {header_key(word): own for own in among for word in terms(kind, own)}
    return known | {header_key(word): word for word in among}


def language_meant(written: object) -> str | None:
    """Return the code of the language that is meant: its code, or what it calls itself.

    >>> language_meant("FI"), language_meant("suomi"), language_meant("klingon")
    ('fi', 'fi', None)
    """
    key = header_key(written)
    return next((code for code, known in LANGUAGES.items() if key in (code, header_key(known.name))), None)


def language_of(settings: Raw | None) -> str:
    """Return the language that a table of settings asks for; English where it asks for none that is known."""
    if settings is None or not len(settings.frame):
        return "en"
    keys = [header_key(header) for header in settings.frame.columns]
    setting, value = (
        next((i for i, key in enumerate(keys) if key in known_keys("Settings", column)), -1)
        for column in TABLES["Settings"].columns[:2]
    )
    if setting < 0 or value < 0:
        return "en"
    for name, asked in zip(settings.frame.iloc[:, setting], settings.frame.iloc[:, value], strict=True):
        if setting_keys().get(header_key(name)) == "language" and isinstance(asked, str):
            found = language_meant(asked)
            if found:
                return found
    return "en"


def own_names(raws: Mapping[str, Raw]) -> dict[str, str]:
    """Return what a workbook calls its tables and columns, where it uses a name of any language.

    The keys are ``Sales`` and ``Sales.cogs``.
    """
    own: dict[str, str] = {}
    for name, raw in raws.items():
        called = next((w for w in terms("table", name) if header_key(w) == header_key(raw.sheet)), None)
        if called is not None:
            own[name] = called
        headers = set(map(header_key, raw.frame.columns))
        for column in TABLES[name].columns:
            written = next((w for w in terms(name, column.name) if header_key(w) in headers), None)
            if written is not None:
                own[f"{name}.{column.name}"] = written
    return own


def word(own: str) -> str:
    """Return one of the product's own words, such as a group or a level, in the language spoken."""
    return term("word", own)
