"""What really happened: the sales lines, invoices and hours of a small company, and the figures that they add up to.

All money is kept in cents, so that every total is exact. Each export of the corpus writes these in its own shape.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

YEAR = 2024


@dataclass(frozen=True)
class Customer:
    """A customer: its number, its name and where it is."""

    number: str
    name: str
    country: str
    city: str


CUSTOMERS = (
    Customer("10023", "Müller & Söhne GmbH", "DE", "Köln"),
    Customer("10047", "Åkesson Bygg AB", "SE", "Malmö"),
    Customer("10051", "Hämeen Sähkö Oy", "FI", "Hämeenlinna"),
    Customer("10066", "Café Ñandú, S.A.", "ES", "Málaga"),
    Customer("10079", "O'Brien Ltd", "IE", "Cork"),
    Customer("10102", 'Smith "Quality" Foods', "GB", "Leeds"),
    Customer("10118", "Northwind Traders", "GB", "Hull"),
    Customer("10203", "Châtelain SARL", "FR", "Nîmes"),
)
PRODUCTS = ("A-100", "A-200", "B-310", "B-320", "C-405")
ACTIVITIES = ("Visit", "Phone call", "Complaint", "Installation")
PEOPLE = ("Anna Berg", "Ben Cole", "Carla Diaz")


@dataclass(frozen=True)
class Line:
    """One sales line. Money in cents; a credit note has a negative quantity and negative money but its price.

    ``price`` and ``unit_cost`` are for one unit; ``percent`` is the discount, in whole percent.
    """

    day: dt.date
    customer: Customer
    invoice: str
    product: str
    quantity: int
    price: int
    percent: int
    unit_cost: int

    @property
    def gross(self) -> int:
        """Revenue at list price."""
        return self.quantity * self.price

    @property
    def discount(self) -> int:
        """What was taken off the list price, with the sign of the line."""
        return self.gross * self.percent // 100

    @property
    def net(self) -> int:
        """Revenue after the discount."""
        return self.gross - self.discount

    @property
    def cost(self) -> int:
        """What the goods cost."""
        return self.quantity * self.unit_cost

    @property
    def tax(self) -> int:
        """Value-added tax of 25 %."""
        return self.net // 4

    @property
    def credit(self) -> bool:
        """Whether it is of a credit note."""
        return self.quantity < 0


@dataclass(frozen=True)
class Bill:
    """One invoice as the ledger of receivables has it; ``paid`` is ``None`` while it is open."""

    number: str
    customer: Customer
    issued: dt.date
    due: dt.date
    amount: int
    paid: dt.date | None


@dataclass(frozen=True)
class Entry:
    """One piece of work done for a customer, of so many minutes."""

    start: dt.datetime
    customer: Customer
    activity: str
    minutes: int
    person: str


def build_lines(seed: int = 1, days: Sequence[int] = tuple(range(1, 29)), credits: bool = True) -> list[Line]:
    """Return a year of sales lines sorted by date, each customer in each month, on the days given.

    Prices are multiples of 100 cents and quantities of 1 to 40, so that every percentage of discount is exact. One
    line in twelve takes back what was sold, where ``credits`` says so.
    """
    chance = random.Random(seed)
    drawn: list[tuple[dt.date, Customer]] = []
    for month in range(1, 13):
        for customer in CUSTOMERS:
            drawn.extend(
                (dt.date(YEAR, month, chance.choice(days)), customer) for _ in range(chance.choice((1, 1, 2)))
            )
    drawn.sort(key=lambda at: (at[0], at[1].number))
    return [
        _draw_line(chance, day, customer, f"{'C' if back else 'R'}{240000 + place}", back)
        for place, (day, customer) in enumerate(drawn)
        for back in [credits and place % 12 == 7]
    ]


def _draw_line(chance: random.Random, day: dt.date, customer: Customer, invoice: str, back: bool) -> Line:
    price = chance.randrange(1500, 90000, 100) + chance.choice((0, 0, 50))
    quantity = chance.randint(1, 40) * 2
    percent = chance.choice((0, 0, 5, 10, 20))
    unit_cost = price * chance.randint(45, 75) // 100
    product = chance.choice(PRODUCTS)
    return Line(day, customer, invoice, product, -2 if back else quantity, price, percent, unit_cost)


def build_bills(seed: int = 2) -> list[Bill]:
    """Return a year of invoices with their due date of 30 days and when they were paid; the last are open."""
    chance = random.Random(seed)
    bills = []
    for place, line in enumerate(build_lines(seed, credits=False)):
        due = line.day + dt.timedelta(days=30)
        late = due + dt.timedelta(days=chance.randint(-10, 35))
        paid = late if late < dt.date(YEAR, 12, 31) else None
        bills.append(Bill(f"RE-{5000 + place}", line.customer, line.day, due, line.net, paid))
    return bills


def build_entries(seed: int = 3) -> list[Entry]:
    """Return a year of work done for customers, of 5 to 480 minutes."""
    chance = random.Random(seed)
    entries = []
    for line in build_lines(seed, credits=False):
        start = dt.datetime.combine(line.day, dt.time(chance.randint(7, 15), chance.choice((0, 15, 30))))
        minutes = chance.choice((5, 15, 20, 30, 45, 60, 90, 95, 150, 480))
        entries.append(Entry(start, line.customer, chance.choice(ACTIVITIES), minutes, chance.choice(PEOPLE)))
    return entries


# --- what they add up to --------------------------------------------------------------------------


def sum_sales(lines: Iterable[Line], cost: bool, discount: bool) -> pd.DataFrame:
    """Return net revenue, cost of goods and discounts by customer and month, in currency, positive.

    ``cost`` and ``discount`` say whether the export has them; without cost it is 0, without discounts blank.
    """
    rows = [
        (
            line.customer.number,
            f"{line.day:%Y-%m}",
            line.net / 100,
            line.cost / 100 * cost,
            line.discount / 100 if discount else float("nan"),
        )
        for line in lines
    ]
    names = ["customer", "month", "net_revenue", "cogs", "discounts"]
    return pd.DataFrame(rows, columns=names).groupby(["customer", "month"]).sum(min_count=1)


def sum_bills(bills: Iterable[Bill]) -> pd.DataFrame:
    """Return the amount invoiced by customer and month, what of it is open, and the days from issue to due."""
    rows = [
        (
            bill.customer.number,
            f"{bill.issued:%Y-%m}",
            bill.amount / 100,
            bill.amount / 100 * (bill.paid is None),
            (bill.due - bill.issued).days,
        )
        for bill in bills
    ]
    names = ["customer", "month", "amount", "open", "days"]
    return pd.DataFrame(rows, columns=names).groupby(["customer", "month"]).sum()


def sum_entries(entries: Iterable[Entry], timed: bool) -> pd.DataFrame:
    """Return the hours (or, where no duration is given, the number) by customer and month, a column an activity."""
    rows = [
        (entry.customer.number, f"{entry.start:%Y-%m}", entry.activity, entry.minutes / 60 if timed else 1.0)
        for entry in entries
    ]
    frame = pd.DataFrame(rows, columns=["customer", "month", "activity", "quantity"])
    return frame.groupby(["customer", "month", "activity"])["quantity"].sum().unstack(fill_value=0)
