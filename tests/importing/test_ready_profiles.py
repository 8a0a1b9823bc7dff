"""What ready profiles say of their systems' formats: sides, signs, keys, statuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.taken import analyze_exports
from xlprofit.importing.proposals.proposal import propose
from xlprofit.importing.reading import accept_proposal

HEAD = (
    '"EXTF";700;21;"Buchungsstapel";13;20260107083000000;;"RE";"anna";"";1001;10;20250701;4;20250701;20260630;'
    '"Rechnungen";"AB";1;0;0;"EUR";;"";;;"03";;;"";""\r\n'
)
COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;"
    "Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;"
    "Generalumkehr (GU)\r\n"
)


def book(
    amount: str, side: str, account: str, other: str, *, key: str = "", day: str = "0503", reversal: str = ""
) -> str:
    """One booking of a batch."""
    return f'{amount};"{side}";"EUR";;;"";{account};{other};"{key}";{day};"R1";"";;"Text";{reversal}\r\n'


def read_batch(folder: Path, *bookings: str) -> tuple[list[tuple[str, str, float]], list[str]]:
    """Day, customer and net revenue of each sale of a batch, and the codes of the warnings."""
    path = folder / "EXTF_Buchungsstapel.csv"
    path.write_bytes((HEAD + COLUMNS + "".join(bookings)).encode("cp1252"))
    proposal = propose(path)
    assert proposal.ready == "datev"
    raws, findings = accept_proposal(proposal)
    sales = raws["Sales"].frame.dropna(subset=["gross_revenue"])
    rows = zip(sales["date"], sales["customer"], sales["gross_revenue"], strict=True)
    found = [(str(day), str(customer), round(float(amount), 2)) for day, customer, amount in rows]
    return sorted(found), [f.code for f in findings if f.severity != "note" and f.code != "D06"]


def test_the_debtor_stands_in_konto_or_in_gegenkonto(tmp_path: Path) -> None:
    rows = read_batch(
        tmp_path,
        book("119,00", "S", "10023", "8400"),
        book("23,80", "H", "10023", "8400"),
        book("238,00", "H", "4400", "10047"),
        book("11,90", "S", "4400", "10047"),
        book("10,70", "S", "10047", "8300"),
        book("50,00", "S", "10047", "8125"),
    )
    assert rows == (
        [
            ("2026-03-05", "10023", -20.0),
            ("2026-03-05", "10023", 100.0),
            ("2026-03-05", "10047", -10.0),
            ("2026-03-05", "10047", 10.0),
            ("2026-03-05", "10047", 50.0),
            ("2026-03-05", "10047", 200.0),
        ],
        [],
    )


def test_days_belong_to_the_fiscal_year_of_the_first_line(tmp_path: Path) -> None:
    rows, _told = read_batch(
        tmp_path,
        book("119,00", "S", "10023", "8400", day="0107"),
        book("119,00", "S", "10023", "8400", day="3006"),
    )
    assert [day for day, _customer, _amount in rows] == ["2025-07-01", "2026-06-30"]


@pytest.mark.parametrize(("key", "reversal"), [("40", ""), ("23", ""), ("", "1")])
def test_bookings_with_a_key_or_that_take_another_back_are_told(
    key: str, reversal: str, tmp_path: Path
) -> None:
    rows, told = read_batch(
        tmp_path,
        book("119,00", "S", "10023", "8400"),
        book("23,80", "S", "10023", "8400", key=key, reversal=reversal),
    )
    assert rows == [("2026-03-05", "10023", 100.0)] and told == ["D14"]


def test_payments_of_debtors_are_no_sales_and_told(tmp_path: Path) -> None:
    rows, told = read_batch(
        tmp_path, book("119,00", "S", "10023", "8400"), book("119,00", "S", "1200", "10023")
    )
    assert rows == [("2026-03-05", "10023", 100.0)] and told == ["D14"]


def test_accounts_of_six_digits_are_known(tmp_path: Path) -> None:
    rows, _told = read_batch(tmp_path, book("119,00", "S", "1002300", "840000"))
    assert rows == [("2026-03-05", "1002300", 100.0)]


def test_an_english_list_of_sap_is_read_with_its_trailing_minus_and_stars(tmp_path: Path) -> None:
    lines = [
        "07.01.2026                Dynamic List Display                1",
        "-" * 70,
        "|Bill. Date|Sold-to pt|Name 1    |Bill.Doc. |Net value   |Curr.|Cost      |",
        "-" * 70,
        "|05.01.2026|10023     |Alba      |90000001  |   1.250,00 |EUR  |    700,00 |",
        "|06.01.2026|10023     |Alba      |90000002  |     250,00-|EUR  |    100,00-|",
        "|*         |10023     |          |          |   1.000,00 |EUR  |    600,00 |",
        "|15.01.2026|10047     |Bela      |90000003  |     500,00 |EUR  |    200,00 |",
        "|*         |10047     |          |          |     500,00 |EUR  |    200,00 |",
        "|**        |          |          |          |   1.500,00 |EUR  |    800,00 |",
        "-" * 70,
    ]
    path = tmp_path / "list.txt"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="cp1252")
    customers = analyze_exports(path).customers
    assert {str(name): float(net) for name, net in customers["net_revenue"].items()} == {
        "Alba": 1000.0,
        "Bela": 500.0,
    }
    assert float(customers["cogs"].sum()) == -800.0


def test_a_credit_note_of_odoo_is_negative_and_a_draft_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "account.move.csv"
    path.write_text(
        "Number,Invoice Partner Display Name,Invoice/Bill Date,Type,Status,Invoice lines/Product,"
        "Invoice lines/Quantity,Invoice lines/Subtotal\n"
        "INV/1,Alba,2026-01-05,Customer Invoice,Posted,Desk,2,200.00\n,,,,,Chair,1,50.00\n"
        "RINV/1,Alba,2026-01-15,Customer Credit Note,Posted,Chair,1,50.00\n"
        "INV/2,Bela,2026-01-16,Customer Invoice,Draft,Desk,1,100.00\n",
        encoding="utf-8",
    )
    proposal = propose(path)
    assert proposal.ready == "odoo"
    sales = accept_proposal(proposal)[0]["Sales"].frame.dropna(subset=["gross_revenue"])
    assert [float(cell) for cell in sales["gross_revenue"]] == [200.0, 50.0, -50.0]
    assert set(sales["customer"]) == {"Alba"}


def test_work_of_toggl_without_tasks_is_that_of_its_project(tmp_path: Path) -> None:
    path = tmp_path / "Toggl_time_entries.csv"
    path.write_text(
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
        "Anna,a@x.test,Alba,Support,,Call,Yes,2026-01-05,09:00:00,2026-01-05,10:30:00,01:30:00,\n"
        "Anna,a@x.test,Bela,Support,Visit,Trip,No,2026-01-06,09:00:00,2026-01-06,09:45:00,00:45:00,\n",
        encoding="utf-8",
    )
    proposal = propose(path)
    assert proposal.ready == "toggl"
    log = accept_proposal(proposal)[0]["ActivityLog"].frame
    assert list(log["activity"]) == ["Support", "Visit"]
    assert [float(cell) for cell in log["quantity"]] == [1.5, 0.75]


def test_a_ticket_of_zendesk_without_a_type_is_a_ticket(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Summation column,Id,Requester,Organization,Ticket type,Created at,Status,Subject\n"
        "1,101,Ada,Alba,Incident,2026-01-05 09:12,Closed,Help\n"
        "1,102,Bo,Bela,,2026-01-06 10:00,Solved,Help\n"
        "1,103,Bo,Bela,Question,2026-01-07 10:00,Deleted,Help\n",
        encoding="utf-8",
    )
    proposal = propose(path)
    assert proposal.ready == "zendesk"
    log = accept_proposal(proposal)[0]["ActivityLog"].frame.dropna(subset=["customer"])
    assert list(log["activity"]) == ["Incident", "Ticket"]
