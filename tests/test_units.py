import pytest

from xlprofit.reading.units import NO_UNIT, Unit, split_unit

pytestmark = pytest.mark.every_case


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("COGS (EUR)", "COGS", Unit(currency="EUR")),
        ("Cogs EUR", "Cogs", Unit(currency="EUR")),
        ("cogs_eur", "cogs", Unit(currency="EUR")),
        ("Cogs, €", "Cogs", Unit(currency="€")),
        ("Revenue in USD", "Revenue", Unit(currency="USD")),
        ("Net sales k€", "Net sales", Unit(1e3, "€")),
        ("Net sales (in thousands)", "Net sales", Unit(1e3)),
        ("Revenue '000", "Revenue", Unit(1e3)),
        ("Revenue EUR '000", "Revenue", Unit(1e3, "EUR")),
        ("Umsatz in Tsd. EUR", "Umsatz", Unit(1e3, "EUR")),
        ("Umsatz (TEUR)", "Umsatz", Unit(1e3, "EUR")),
        ("Revenue Mio. EUR", "Revenue", Unit(1e6, "EUR")),
        ("Net amount (USD m)", "Net amount", Unit(1e6, "USD")),
        ("Omsättning tkr", "Omsättning", Unit(1e3, "kr")),
        ("Discount %", "Discount", Unit(rate=True)),
        ("Rabatt (%)", "Rabatt", Unit(rate=True)),
        ("Amount excl. VAT", "Amount", NO_UNIT),
        ("Amount (EUR, excl. VAT)", "Amount", Unit(currency="EUR")),
        ("Revenue (EURk)", "Revenue", Unit(1_000.0, "EUR")),
        ("Revenue ( , )", "Revenue ( , )", NO_UNIT),
        ("Myynti alv 0 %", "Myynti", NO_UNIT),
    ],
)
def test_a_unit_is_cut_off_a_header(header: str, name: str, unit: Unit) -> None:
    assert split_unit(header) == (name, unit)


@pytest.mark.parametrize(
    "header",
    [
        "Customer",
        "Plant M",
        "Account 1000",
        "€",
        "EUR",
        "Price (EUR/unit)",
        "Amount incl. VAT",
        "Sales Rep",
        "",
    ],
)
def test_what_is_no_unit_of_money_stays(header: str) -> None:
    assert split_unit(header) == (header, NO_UNIT)


def test_a_text_in_place_of_a_header_takes_no_time() -> None:
    text = "in " * 20_000
    assert split_unit(text)[1] == NO_UNIT
