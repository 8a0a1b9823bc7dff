"""Every code that a finding may have: how bad it is, why it matters, how to mend it. Said once, here.

The letter says what it is about: ``T`` a table, ``H`` a header, ``C`` a cell, ``N`` a name, ``K`` a key or
a duplicate, ``S`` the settings and the span, ``R`` a reference from one table to another, ``M`` the model,
``D`` a source of data beyond the workbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["stop", "error", "warning", "note"]
"""How bad a finding is.

``stop``: nothing can be computed. ``error``: a row or a cell was left out of the figures.
``warning``: counted, but look at it. ``note``: what was assumed or left out because it was not given.
"""

SEVERITIES: tuple[Severity, ...] = ("stop", "error", "warning", "note")


@dataclass(frozen=True)
class Rule:
    """One code of the catalogue: its severity, why it matters and, generally, how to mend it."""

    code: str
    severity: Severity
    title: str
    why: str
    mend: str


_LEFT_OUT = "A row with a cell that cannot be read is left out of the figures: never a wrong number."

_TABLES = (
    Rule(
        "T01",
        "stop",
        "No Sales table",
        "Every figure starts from the sales lines; without them there is no profit to compute.",
        "Add a sheet named Sales with the columns date, customer and gross_revenue",
    ),
    Rule(
        "T02",
        "stop",
        "Sales has no row that can be used",
        "Every figure starts from the sales lines; without them there is no profit to compute.",
        "Fill in the sales lines, or mend the rows that the other findings name",
    ),
    Rule(
        "T03",
        "note",
        "Tables that were not given",
        "What a missing table would have fed is left out of the figures, never guessed.",
        "Fill in a table to have its part of the figures",
    ),
    Rule(
        "T04",
        "warning",
        "Rows below the Excel Table",
        "Only what the Excel Table reaches over is read; rows that stand right below it are not counted.",
        "Drag the mark at the table's lower right corner down over them, or use Table Design, Resize Table",
    ),
    Rule(
        "T05",
        "error",
        "A cell with two values",
        "The file holds the cell more than once, as only a faulty program writes it: one reader shows the first "
        "value, another the last. Its row is left out of the figures.",
        "Export the file again, or open it in Excel, let Excel repair it, check the cell and save",
    ),
    Rule(
        "T06",
        "warning",
        "Cells out of order in the file",
        "The program that wrote the file put rows or cells in another order than they have on the sheet. Each was "
        "read at its own address; Excel may repair such a file, and lose rows.",
        "Check that the sheet shows all its rows in Excel, and save it there",
    ),
)

_HEADERS = (
    Rule(
        "H01",
        "note",
        "A header read as a synonym",
        "The column has another header than xlprofit's own, and was taken for one that means the same.",
        "Rename the header if it means something else",
    ),
    Rule(
        "H02",
        "warning",
        "Two headers for one column",
        "Only one column can be read for each meaning; the other one is not read.",
        "Delete or rename the column that is not to be read",
    ),
    Rule(
        "H03",
        "stop",
        "A required column is missing",
        "The table cannot be understood without it.",
        "Add the column",
    ),
    Rule(
        "H04",
        "warning",
        "A header that looks misspelt",
        "A header that is not known is ignored, and what stands under it is not counted.",
        "Rename the header, or leave it if it is a column of your own",
    ),
    Rule(
        "H05",
        "warning",
        "A column without a header",
        "What a column holds is told by its header alone; under a header merged over two columns only the "
        "first is read.",
        "Write a header in the cell, or move what stands there away from the table",
    ),
)

_CELLS = (
    Rule(
        "C01",
        "error",
        "Not a number",
        _LEFT_OUT,
        "Write a plain number such as 1234.5, without units or words",
    ),
    Rule(
        "C02",
        "error",
        "A number that can be read two ways",
        "The comma or dot may part thousands or decimals, a thousandfold difference; the row is left out.",
        "Type the number again, into a cell formatted as a number",
    ),
    Rule(
        "C03",
        "note",
        "Numbers stored as text",
        "They are read as the numbers they plainly are; Excel's own sums pass over them.",
        "Turn them into numbers with Data, Text to Columns, Finish",
    ),
    Rule(
        "C04",
        "error",
        "An error value of a formula",
        "A formula in the input failed, so its value is not known; the row is left out, or the cell where "
        "it only describes.",
        "Mend the formula, or clear the cell",
    ),
    Rule(
        "C05",
        "error",
        "A number where a date belongs",
        "A date that Excel does not know as one shows as a number; which day it means would be a guess, so "
        "the row is left out.",
        "Format the column as a date",
    ),
    Rule("C06", "error", "Not a date", _LEFT_OUT, "Write a date such as 2024-03-01"),
    Rule(
        "C07",
        "error",
        "A date that can be read two ways",
        "The day and the month can be told apart only by guessing; the row is left out.",
        "Type it again as a date, or write it as 2024-03-01",
    ),
    Rule(
        "C08",
        "note",
        "Dates stored as text",
        "They are read as the dates they plainly are; Excel's own filters do not know them as dates.",
        "Turn them into dates with Data, Text to Columns, Date",
    ),
    Rule(
        "C09",
        "error",
        "Not a period",
        _LEFT_OUT,
        "Write a month as 2024-03, a quarter as 2024-Q1, a year as 2024",
    ),
    Rule("C10", "error", "Neither yes nor no", _LEFT_OUT, "Write yes or no"),
    Rule(
        "C11", "error", "Not one of the words to choose from", _LEFT_OUT, "Choose a word from the drop-down"
    ),
    Rule(
        "C12",
        "error",
        "A blank that must be filled in",
        "The row cannot be counted without it, and is left out of the figures.",
        "Fill in the cell, or clear the whole row",
    ),
    Rule(
        "C13",
        "error",
        "A number out of bounds",
        "Such a value cannot be meant; the row is left out of the figures.",
        "Correct the number",
    ),
    Rule(
        "C14",
        "error",
        "Money in another currency",
        "All money is in the currency of Settings and nothing is converted; the row is left out.",
        "Convert the amount, or set the currency in Settings",
    ),
    Rule(
        "C15",
        "warning",
        "Negative quantities",
        "They are counted as returns or reversals, and take their cost back.",
        "Leave them if that is what they are; otherwise write the quantity positive",
    ),
    Rule(
        "C16",
        "note",
        "Negative revenue",
        "It is counted as a credit note of its customer.",
        "Nothing to mend if these are credit notes; otherwise write revenue positive",
    ),
    Rule(
        "C17",
        "warning",
        "Negative costs",
        "Costs are written positive, so a negative amount is counted as a refund and raises profit.",
        "Leave them if they are refunds; otherwise write the amounts positive",
    ),
    Rule(
        "C18",
        "note",
        "Costs or activities of no customer",
        "They are posted to no customer, so they lower the company's profit and nobody's own.",
        "Fill in the customer where it is known",
    ),
    Rule(
        "C19",
        "warning",
        "Negative drivers",
        "They are counted as reversals, and take their cost back.",
        "Leave them if that is what they are; otherwise write the driver positive",
    ),
)

_NAMES = (
    Rule(
        "N01",
        "warning",
        "A name spelt in two ways",
        "Names that differ only in case and blanks are taken for one.",
        "Spell it the same everywhere, or give the two different names",
    ),
)

_KEYS = (
    Rule(
        "K01",
        "warning",
        "The same row twice",
        "The rows are alike in every column, so only one of them is counted.",
        "Delete the second row",
    ),
    Rule(
        "K02",
        "error",
        "Two rows that contradict each other",
        "Only one of them can hold; the other is left out of the figures.",
        "Delete the row that is wrong",
    ),
    Rule(
        "K03",
        "warning",
        "Rows that are exactly alike",
        "They may be there twice by mistake or rightly; all of them are counted.",
        "Delete those that are there twice by mistake",
    ),
    Rule(
        "K04",
        "warning",
        "A row that looks like a total",
        "It is counted like any other row, so that what it adds up is counted twice.",
        "Delete the row if it is a total; an Excel Table has a total row of its own, which is not read",
    ),
)

_SETTINGS = (
    Rule(
        "S01",
        "error",
        "A setting that is not known",
        "It has no effect, and what was meant keeps its default.",
        "Choose a setting from the drop-down, or delete the row",
    ),
    Rule(
        "S02",
        "error",
        "A setting that cannot be read",
        "The default is used in its place.",
        "Correct the value",
    ),
    Rule(
        "S03",
        "note",
        "Settings that were not given",
        "The default is used.",
        "Add a row to Settings to change one",
    ),
    Rule(
        "S04",
        "stop",
        "The span ends before it starts",
        "No day lies between start and end, so there is nothing to compute.",
        "Correct start or end in Settings",
    ),
    Rule(
        "S05",
        "warning",
        "Dates far from all others",
        "The span reaches from the first date to the last, so one mistyped year makes it years too long "
        "and thins out the cost of each period.",
        "Correct the date, or set start and end in Settings",
    ),
    Rule(
        "S06",
        "note",
        "Rows outside the span",
        "Only what lies within start and end of Settings is counted.",
        "Nothing to mend if that is meant; otherwise change start or end in Settings",
    ),
)

_ACTIVITIES = (
    Rule(
        "R01",
        "error",
        "An activity that is not in Activities",
        "It has no cost, so the rows that mention it are left out.",
        "Add it to Activities, or correct the name",
    ),
    Rule(
        "R02",
        "error",
        "An activity with no rate",
        "None of its rows in Activities can be used, so what was done costs nothing and is left out.",
        "Mend its row in Activities: a rate, and a resource or a unit_cost",
    ),
    Rule(
        "R03",
        "error",
        "A resource that does not exist",
        "There is nothing to take the cost from; the row is left out, or in Prospects the cell.",
        "Add it to Resources, or correct the name",
    ),
    Rule(
        "R04",
        "error",
        "A term with neither resource nor unit_cost",
        "Nothing prices its units; the term is left out.",
        "Fill in a resource or a unit_cost",
    ),
    Rule(
        "R05",
        "warning",
        "A term with both resource and unit_cost",
        "One unit can have one price only: the unit_cost is used and the resource is not charged.",
        "Clear the one that does not hold",
    ),
    Rule(
        "R06",
        "error",
        "A driver that is no column of ActivityLog",
        "The term has nothing to multiply and is left out.",
        "Add the column to ActivityLog, or correct the driver",
    ),
    Rule(
        "R07",
        "warning",
        "An activity of two groups or levels",
        "An activity has one group and one level; those of its base term are used for all its rows.",
        "Write the same group and level on each row of the activity",
    ),
    Rule(
        "R08",
        "error",
        "A group that is taken",
        "The ledger uses the word itself, so the row is left out.",
        "Choose another word for the group",
    ),
    Rule(
        "R09",
        "warning",
        "A group that looks misspelt",
        "A word that is none of the usual groups makes a group of its own.",
        "Correct it, or leave it if it is a word of your own",
    ),
)

_RESOURCES = (
    Rule(
        "R11",
        "error",
        "A resource allocated to itself",
        "A share that goes back to where it came from moves nothing; the row is left out.",
        "Delete the row",
    ),
    Rule(
        "R12",
        "error",
        "Shares of more than the whole",
        "More cost would be given away than there is; all these rows are left out.",
        "Correct the shares so that they add up to 1 at most",
    ),
    Rule(
        "R13",
        "error",
        "Resources that allocate in a closed loop",
        "Their cost goes round and never reaches a resource that serves customers; their rows are left out.",
        "Let some share of the loop go to a resource outside it",
    ),
    Rule(
        "R14",
        "error",
        "No workable capacity",
        "With a practical share of 0 there is no capacity to divide the cost by; the row is left out.",
        "Write the workable share, such as 0.8, or leave the cell blank for all of it",
    ),
    Rule(
        "R15",
        "warning",
        "A capacity of 0",
        "It is read as not given: the cost is divided by the units used, and nothing is idle.",
        "Write the capacity, or leave the cell blank",
    ),
    Rule(
        "R16",
        "warning",
        "A resource both by period and for the whole span",
        "The row with no period is spread evenly over the periods and added to the others.",
        "Give each row its period, or none of them",
    ),
)

_COMMISSIONS = (
    Rule(
        "R21",
        "warning",
        "A commission rule for nobody",
        "The rule never applies.",
        "Correct the value, or delete the rule",
    ),
    Rule(
        "R22",
        "error",
        "A commission rule that does not say whom it is for",
        "Only the scope all needs no value; the rule is left out.",
        "Fill in the value, or set the scope to all",
    ),
    Rule(
        "R23",
        "warning",
        "Commission rules that overlap",
        "On a day on which both hold, the one that starts last wins, then the higher rate.",
        "End the earlier rule on the day before the later one starts",
    ),
    Rule(
        "R24",
        "error",
        "A commission rule that ends before it starts",
        "It never holds, and is left out.",
        "Correct start or end",
    ),
)

_CREDIT = (
    Rule(
        "R31",
        "warning",
        "Due before it was issued",
        "The days past due are counted from the due date as it stands.",
        "Correct the dates",
    ),
    Rule(
        "R32",
        "error",
        "Paid before it was issued",
        "The days outstanding would be negative; the invoice is left out.",
        "Correct the dates, or leave out a payment in advance",
    ),
    Rule(
        "R33",
        "note",
        "Issued after as_of",
        "On the day the books are looked at these invoices did not exist yet; they cost nothing.",
        "Nothing to mend if that is meant; otherwise change as_of in Settings",
    ),
    Rule(
        "R34",
        "note",
        "Customers with both invoices and balances",
        "Counting both would finance the same money twice: the invoices are used, the balances are not.",
        "Delete the balances of these customers, or their invoices",
    ),
    Rule(
        "R35",
        "note",
        "No cost of capital",
        "What it costs to finance receivables is left out of the cost of credit.",
        "Set cost_of_capital in Settings",
    ),
    Rule(
        "R36",
        "note",
        "No loss rates",
        "The expected loss on open invoices is left out of the cost of credit.",
        "Fill in LossRates",
    ),
)

_CUSTOMERS = (
    Rule(
        "R41",
        "warning",
        "A customer that is not in Customers",
        "It is counted, but it has no segment, owner or channel.",
        "Add it to Customers, or correct the name",
    ),
    Rule(
        "R42",
        "error",
        "A customer that referred itself",
        "Nobody is brought by itself; the row is left out.",
        "Correct the referrer",
    ),
    Rule(
        "R43",
        "error",
        "Referral shares of more than the whole",
        "More credit would be given than there is; all rows of the referred customer are left out.",
        "Correct the shares so that they add up to 1 at most",
    ),
    Rule(
        "R44",
        "error",
        "A prospect that is not in Prospects",
        "There is nobody whose needs these would be; the row is left out.",
        "Add it to Prospects, or correct the name",
    ),
    Rule(
        "R45",
        "warning",
        "A referral of a customer with no figures",
        "A customer that no other table mentions has no profit to credit.",
        "Correct the name if it is misspelt",
    ),
)

_MODEL = (
    Rule(
        "M01",
        "warning",
        "Over-driven capacity",
        "More was used than could be supplied. All of it is charged, so more is charged than it cost.",
        "Check the capacity and the rates of the activities that use it",
    ),
    Rule(
        "M02",
        "warning",
        "A resource that nothing used",
        "Its cost is assigned to no customer, and stands below them as unassigned.",
        "Let an activity use it, allocate it to other resources, or log what it did",
    ),
    Rule(
        "M03",
        "error",
        "A resource used in a period in which it has no cost",
        "There is no rate to charge, so what was done in the period costs nothing.",
        "Add the resource's cost for the period",
    ),
    Rule(
        "M04",
        "error",
        "A control total that does not tie",
        "The figures and the general ledger disagree.",
        "Look for rows left out or missing on this line",
    ),
    Rule(
        "M05",
        "error",
        "A control total of an unknown line",
        "There is nothing to compare it with.",
        "Write a line of the P&L, a group, an activity or a resource",
    ),
    Rule(
        "M06",
        "warning",
        "Sales lines of no customer",
        "They are counted in the company's revenue and profit, and in no customer's.",
        "Fill in the customer where it is known",
    ),
)

_SOURCES = (
    Rule(
        "D01",
        "note",
        "What was read from a source",
        "The figures rest on what the query gave when it was run.",
        "Nothing to mend if that is what was meant",
    ),
    Rule(
        "D02",
        "warning",
        "A table both on a sheet and in a source",
        "The source is used, and the rows on the sheet are not counted.",
        "Empty the sheet, or take the table out of the sources",
    ),
    Rule(
        "D03",
        "note",
        "Rows that are exactly alike are not looked for",
        "Only the sums of a source are fetched, and they do not show which rows it has twice.",
        "Look for rows that are there twice where the data comes from",
    ),
)

CATALOGUE: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        *_TABLES,
        *_HEADERS,
        *_CELLS,
        *_NAMES,
        *_KEYS,
        *_SETTINGS,
        *_ACTIVITIES,
        *_RESOURCES,
        *_COMMISSIONS,
        *_CREDIT,
        *_CUSTOMERS,
        *_MODEL,
        *_SOURCES,
    )
}
"""Every code by itself: its severity, title, why it matters and how it is mended."""
