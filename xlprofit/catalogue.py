"""Every code that a finding may have: how bad it is, why it matters, how to fix it. Said once, here.

The letter says what it is about: ``T`` a table, ``H`` a header, ``C`` a cell, ``N`` a name, ``K`` a key or
a duplicate, ``S`` the settings and the span, ``R`` a reference from one table to another, ``M`` the model,
``D`` a source of data beyond the workbook, ``V`` a version of the rows, such as a plan, or a scenario.

It is the reference, which the page of findings is made of: the same for every finding of a code. What one finding says
of its own figures has variants, some shared by several codes, and stands in :mod:`xlprofit.wordings`.
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
    """One code of the catalogue: its severity, why it matters and, generally, how to fix it."""

    code: str
    severity: Severity
    title: str
    why: str
    fix: str


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
        "Fill in the sales lines, or fix the rows that the other findings name",
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
        "Rows that stand right below an Excel Table, without a blank row between, are counted with it; formulas and "
        "pivot tables over the Table do not see them.",
        "Drag the mark at the table's lower right corner down over them, or use Table Design, Resize Table; leave a "
        "blank row above what is not meant",
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
    Rule(
        "T07",
        "warning",
        "A sheet that may hold more rows of a table",
        "A table is read from one sheet; what stands on the other one is missing from the figures.",
        "Put its rows under those of the table, or rename the sheet if it holds something else",
    ),
    Rule(
        "T08",
        "warning",
        "Columns right beside the Excel Table",
        "Columns that stand right beside an Excel Table, with a header in the row of its headers, are read with it; "
        "formulas and pivot tables over the Table do not see them.",
        "Drag the mark at the table's lower right corner over them, or use Table Design, Resize Table; leave a blank "
        "column before what is not meant",
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
    Rule(
        "H06",
        "warning",
        "Cost of goods or day of payment not found",
        "Without cost of goods every sale is all margin; without the day of payment every invoice is open and bears "
        "financing and expected loss.",
        "Rename the header of the column that has the cost of goods cogs; if there is none, write 0 in a column cogs",
    ),
    Rule(
        "H07",
        "warning",
        "A column not found, and columns not used",
        "The figures take something for granted in place of the missing column, and a column that is not read could "
        "be it.",
        "Rename the header if the column is the missing one; no action needed if it is a column of your own",
    ),
    Rule(
        "H08",
        "note",
        "Another column of the same meaning",
        "Only one column is read for each meaning; which of the two is read changes no figure.",
        "No action needed",
    ),
    Rule(
        "H09",
        "warning",
        "A header that may mean something else",
        "The column was read as its header is mostly meant, but what stands in it or beside it suggests another "
        "meaning: a ledger account for the customer, revenue after discounts, or revenue with tax in it.",
        "Rename the header if it means what it was read as; else give the right column",
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
        "Fix the formula, or clear the cell",
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
        "No action needed if these are credit notes; otherwise write revenue positive",
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
    Rule(
        "C20",
        "warning",
        "Numbers whose decimal mark is assumed",
        "Three digits behind a comma or a dot may be thousands or decimals. The column as a whole decides: money "
        "has two decimals, so three digits are thousands unless another cell shows otherwise.",
        "No action needed if that is right; otherwise type the numbers into cells formatted as numbers",
    ),
    Rule(
        "C21",
        "warning",
        "Dates whose day and month were swapped",
        "Dates lie in the first twelve days of a month where they are real, and after them where they are stored as "
        "text: on opening, those that could be were converted in the wrong order of day and month.",
        "No action needed if they are right now; otherwise import the file again with the right order of day and "
        "month",
    ),
    Rule(
        "C22",
        "warning",
        "A currency that is assumed",
        "All money is counted in one currency, and the data leaves open which it is.",
        "Set currency in Settings",
    ),
    Rule(
        "C23",
        "warning",
        "Credit notes, cancellations and quotes",
        "The column says what kind of document each row is: a credit note or return is counted negative; what was "
        "cancelled or only offered is left out.",
        "No action needed if that is right; otherwise rename the column or correct its words",
    ),
    Rule(
        "C24",
        "warning",
        "A column with its sign turned",
        "Most of the column is negative, as where credits are booked with a minus; revenue and costs are written "
        "positive here, so the sign of the whole column is turned.",
        "No action needed if that is right; otherwise write the amounts positive",
    ),
    Rule(
        "C25",
        "warning",
        "Rates in a column of money",
        "A rate taken for an amount would be nearly nothing, so each is multiplied by the gross revenue of its row.",
        "No action needed if these are rates; otherwise write amounts in currency",
    ),
    Rule(
        "C26",
        "warning",
        "Amounts in thousands, millions or cents",
        "The header says that its numbers are multiples or parts of the currency, and they are converted.",
        "No action needed if that is right; otherwise correct the header",
    ),
    Rule(
        "C27",
        "warning",
        "Rows that may not be sales",
        "The words stand in a column that is not known to tell the kind of a document, or may mean something else, "
        "so the rows are counted as sales.",
        "Delete the rows if they are no sales; name the column Document type to have them counted as what it says",
    ),
    Rule(
        "C28",
        "stop",
        "Several currencies, and none of them is that of the workbook",
        "Amounts in different currencies cannot be added up, and nothing is converted.",
        "Set currency in Settings; the rows in any other currency are then left out",
    ),
    Rule(
        "C29",
        "warning",
        "Negative revenue that is not plainly a credit note",
        "Nothing else in the rows says that goods or money went back; a wrong sign lowers revenue twice.",
        "No action needed if these are credit notes; otherwise write revenue positive",
    ),
    Rule(
        "C30",
        "warning",
        "A deduction larger than the sale",
        "More is deducted from the row than it sold for, as where percentages from 0 to 100 stand in a column of "
        "money; net revenue is then negative.",
        "No action needed if these are amounts in currency; otherwise write amounts, or add % to the header",
    ),
)

_NAMES = (
    Rule(
        "N01",
        "warning",
        "A name spelt in two ways",
        "Names that differ only in case, blanks, apostrophes, hyphens, invisible characters or the zeros in front of "
        "a customer's number are taken for one.",
        "Spell it the same everywhere, or give the two different names",
    ),
    Rule(
        "N02",
        "note",
        "Other names of a customer",
        "The table Aliases says which customer they are, so they are counted as that one.",
        "Correct Aliases if one of them is another customer",
    ),
    Rule(
        "N03",
        "error",
        "An alias of two customers",
        "It can only be one of them; until that is known it is counted as a customer of its own.",
        "Delete the row that is wrong",
    ),
    Rule(
        "N04",
        "error",
        "Aliases of each other",
        "None of them is then the customer; until that is known each is counted as a customer of its own.",
        "Keep the row whose customer is the right name, and delete the other",
    ),
    Rule(
        "N05",
        "warning",
        "A row of Customers for an alias",
        "A customer has one segment, channel and owner: those of its own row in Customers are used.",
        "Delete the row, or the row of Aliases if they are two customers",
    ),
    Rule(
        "N06",
        "warning",
        "Names that may be one customer",
        "They differ only in the legal form, accents, punctuation, blanks or order of words, and are counted apart: "
        "if they are one customer, its profit is split in two.",
        "Add a row to Aliases if they are one customer; no action needed if they are two",
    ),
    Rule(
        "N07",
        "warning",
        "A name where the customer has a number",
        "It is counted as a customer of its own, apart from the one whose name it is in Customers.",
        "Add a row to Aliases if they are one customer; no action needed if they are two",
    ),
    Rule(
        "N08",
        "warning",
        "A name that is near to another customer's",
        "The customer has no sales, or is not in Customers, and its name differs by a letter or two from one that "
        "has; if it is misspelt, its figures are missing from the other.",
        "Correct the name, or add a row to Aliases, if they are one customer; no action needed if they are two",
    ),
    Rule(
        "N09",
        "note",
        "Aliases that are not used",
        "No other table has these names or numbers, so the rows change nothing.",
        "Correct the id if it was meant to be met",
    ),
    Rule(
        "N10",
        "warning",
        "A customer that stands for many",
        "Its revenue and profit are those of all its members together; its trend, outlook and rank say nothing of any "
        "of them.",
        "Take no decision on it as on one customer; export its members one by one if they matter",
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
        "Conflicting rows",
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
        "A total among the rows",
        "It adds up other rows: counted beside them it would double them, so it is left out.",
        "No action needed if it is a total; if it is a customer, add it to Customers",
    ),
    Rule(
        "K05",
        "warning",
        "A total without a customer",
        "A row without a customer is left out where its amounts are, to the cent, the sum of the rows of a customer, "
        "of a month or of all customers: counted beside them it would double them.",
        "No action needed if they are totals; otherwise write the customer in the row",
    ),
    Rule(
        "K06",
        "warning",
        "A row that may be a total",
        "It is counted like any other row; if it is a total, what it adds up is counted twice.",
        "Delete the row if it is a total; if it is a customer, add it to Customers",
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
        "stop",
        "Dates far from all others",
        "The period analysed reaches from the first date to the last, so one mistyped year would make it years "
        "too long and spread the cost of each period thin.",
        "Correct the date, or set start and end in Settings",
    ),
    Rule(
        "S06",
        "note",
        "Rows outside the span",
        "Only what lies within start and end of Settings is counted.",
        "No action needed if intended; otherwise change start or end in Settings",
    ),
    Rule(
        "S07",
        "warning",
        "A column to group by that Customers does not have",
        "The sheet Segments has nothing to say about it.",
        "Correct the name, or add the column to Customers",
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
        "Fix its row in Activities: a rate, and a resource or a unit_cost",
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
        "Commission rule matches no customer",
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
        "R30",
        "warning",
        "Loss rate missing",
        "What is lost of such invoices is not known. To be on the safe side the rate of the next bucket that has "
        "one is used, and 100 % after the last one that has.",
        "Fill in the rate, from past losses or as an estimate",
    ),
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
        "No action needed if intended; otherwise change as_of in Settings",
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
    Rule(
        "R37",
        "error",
        "More written off than invoiced, or more recovered than written off",
        "What is owed would be negative; the invoice is left out.",
        "Correct written_off, recovered or the amount",
    ),
    Rule(
        "R38",
        "error",
        "Written off before it was issued",
        "The invoice cannot have been lost before it was there; it is left out.",
        "Correct the dates",
    ),
    Rule(
        "R39",
        "warning",
        "Written off or recovered without a date",
        "The period that it falls into is not known, so it falls into the last one.",
        "Fill in written_off_on; paid is the date of what was recovered, or of a write-off that has no other",
    ),
    Rule(
        "R40",
        "warning",
        "Receivables at cost, without a cost",
        "What was invested in these sales is not known, so their financing is that of the whole price.",
        "Fill in cogs in Sales, or set finance_receivables_at to price",
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
    Rule(
        "R46",
        "note",
        "Loss rate missing where nothing is open",
        "What is lost of such invoices is not known. To be on the safe side the rate of the next bucket that has "
        "one is used, and 100 % after the last one that has.",
        "Fill in the rate, from past losses or as an estimate",
    ),
    Rule(
        "R47",
        "warning",
        "Parents that lead back to where they began",
        "A group has one customer at its top; these have none. They are counted, each on its own.",
        "Correct a parent, so that the chain ends at one customer",
    ),
    Rule(
        "R48",
        "note",
        "A customer that is its own parent",
        "Some programs write it so: the customer is taken for the top of its group.",
        "No action needed if intended",
    ),
    Rule(
        "R49",
        "error",
        "A row of Customers that ends before it begins",
        "It holds on no day; the row is left out.",
        "Correct one of the two days",
    ),
    Rule(
        "R50",
        "warning",
        "Rows of one customer that hold at the same time",
        "Only one segment, owner or other attribute can hold on a day: that of the row that began last is used.",
        "Enter in the earlier row the day on which it ended",
    ),
    Rule(
        "R51",
        "warning",
        "Days that no row of the customer in Customers covers",
        "The amounts are counted, but under no segment, owner or other attribute.",
        "Add a row for these days, or leave the first day blank in the earliest one",
    ),
    Rule(
        "R52",
        "warning",
        "Balances missing in some periods",
        "What was owed then is not known and costs nothing in the figures, so that the cost of credit is too low.",
        "Add a balance for each of these periods, 0 where nothing was owed",
    ),
    Rule(
        "R53",
        "warning",
        "Invoices of less than half of the sales",
        "Financing, expected loss and the days of sales outstanding are those of the invoices given, such as the "
        "open ones only; what was paid or is missing costs nothing in the figures.",
        "Add all invoices issued in the period analysed, paid ones too",
    ),
)

_MODEL = (
    Rule(
        "M01",
        "warning",
        "Resource over capacity",
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
    Rule(
        "M07",
        "warning",
        "Rates that the minutes paid do not bear out",
        "Over the periods the capacity paid for follows the logged activities, and other rates explain it better. A "
        "wrong rate charges the wrong customers. Capacity that stands idle in step with the work looks the same.",
        "Time these activities first, and correct the rates",
    ),
    Rule(
        "M08",
        "note",
        "Rates that are too small to matter",
        "They take less than 1 % of the time of their resource: timing them would change little.",
        "No action needed",
    ),
    Rule(
        "M09",
        "warning",
        "A closed period that has changed",
        "Its figures were reported when it was closed; those of today are others.",
        "Undo what changed, or close the period again if the figures of today are right: xlprofit close --again",
    ),
    Rule(
        "M10",
        "warning",
        "A closed period whose file cannot be read",
        "Whether its figures have changed is not known.",
        "Put the file back from a copy, or close the period again: xlprofit close --again",
    ),
    Rule(
        "M11",
        "warning",
        "A history too short for a track record",
        "Nobody can say how often such a forecast came true: only the customers' own months say how sure it is.",
        "Add earlier sales and costs where there are some; nine months are enough",
    ),
    Rule(
        "M12",
        "warning",
        "No forecast better than the average",
        "Each customer is expected to earn its own average: nothing in the history foretold more than that.",
        "Read the outlook by its intervals; see the track record on the sheet Outlook",
    ),
    Rule(
        "M13",
        "warning",
        "A customer that bought after it ended",
        "No profit is expected of it, although it still buys.",
        "Check Customers.ended, or clear it where the customer came back",
    ),
    Rule(
        "M14",
        "warning",
        "Cost that hardly leaves a loop of allocations",
        "Resources pass nearly all their cost to each other, so that the smallest share decides where it ends.",
        "Check which share of the loop should stay or go elsewhere",
    ),
    Rule(
        "M15",
        "error",
        "Support cost that could not be allocated",
        "The shares lead round and leave too little to compute with. Each resource keeps its own cost.",
        "Let a larger share of each loop stay, or go to a resource outside it",
    ),
    Rule(
        "M16",
        "warning",
        "More referrals than customers",
        "Each referral counts as one customer won, so the value of word of mouth is overstated.",
        "Enter in Customers.referrals how many customers it brought, not a value or the number of recommendations",
    ),
    Rule(
        "M17",
        "warning",
        "The period analysed goes on after the last sale",
        "Customers seem to have stopped buying: trends, forecast and decisions are read from months without sales.",
        "Set end in Settings to the last day that the data cover, or add the sales that are missing",
    ),
)

_SOURCES = (
    Rule(
        "D01",
        "note",
        "What was read from a source",
        "The figures rest on what the query gave when it was run.",
        "No action needed if that was intended",
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
    Rule(
        "D04",
        "error",
        "Rows of a text file with more values than headers",
        "A value with an unquoted delimiter in it moves all values right of it; the rows are left out.",
        "Put the value in quotation marks, or write the file with another delimiter",
    ),
    Rule(
        "D05",
        "warning",
        "Rows of a text file with fewer values than headers",
        "The values that are missing at the end of the row count as blank.",
        "Write the file anew, each row with a value for every header",
    ),
    Rule(
        "D06",
        "warning",
        "A text file that is not in UTF-8",
        "The encoding was assumed; if it is another one, names with special letters do not match.",
        "Save the file as UTF-8, or state the encoding in the column options of Sources, such as encoding=cp1250",
    ),
    Rule(
        "D07",
        "warning",
        "A column that only some files of a source have",
        "Where a file does not have it, it counts as blank.",
        "Add the column to every file, or correct its header",
    ),
    Rule(
        "D08",
        "warning",
        "Files of a folder that are not read",
        "A folder is read as files of one kind; what is in the others is not counted.",
        "Convert them, name them as a source of their own, or move them out of the folder",
    ),
    Rule(
        "D09",
        "warning",
        "Two files of a source with the same content",
        "Both are counted, so that every amount in them counts twice.",
        "Remove the copy; no action needed if both are intended",
    ),
    Rule(
        "D10",
        "warning",
        "A column of an export read by its content",
        "Its name does not say what it is; if it is something else, every figure from it is wrong.",
        "Compare it with the source, then confirm it: xlprofit import, or sure = true in the profile",
    ),
    Rule(
        "D11",
        "note",
        "Rows of an export that its profile leaves out",
        "They are totals, drafts or other rows that the profile names.",
        "No action needed if that was intended",
    ),
    Rule(
        "D12",
        "warning",
        "An export that differs from its profile",
        "Its form may have changed since the profile was confirmed, so that figures may be missing.",
        "Look at the export, and propose it anew if its form has changed: xlprofit import",
    ),
    Rule(
        "D13",
        "warning",
        "Rows of an export without the profit that gives their cost",
        "Without it their cost is not known, and their profit is overstated.",
        "Fill it in, or map a column with the cost",
    ),
    Rule(
        "D14",
        "warning",
        "Rows of an export that its profile does not know",
        "They are neither kept nor left out by a rule of the profile, and are not counted.",
        "Add a rule for them to the profile, or name them in drop if they are not wanted",
    ),
    Rule(
        "D15",
        "warning",
        "An amount of an export that can be read two ways",
        "Neither the names nor the rows of the export show which reading is right.",
        "Compare the totals with the source, then confirm it or name another column: xlprofit import, or the profile",
    ),
    Rule(
        "D16",
        "warning",
        "A source replaced by another export",
        "A table has one source; rows that only the previous file has are no longer counted.",
        "Put files of one form into one folder and import the folder; no action needed if the new file has all rows",
    ),
    Rule(
        "D17",
        "warning",
        "Products of a source that are not told apart",
        "By product there are more sums than fit into memory. Customers' figures are complete; there is no sheet "
        "Products, and only products of commission rules are told apart.",
        "Name a query that gives product groups in place of products",
    ),
    Rule(
        "D18",
        "warning",
        "Orders and lines of an export that do not match",
        "The lines of an order have their customer and date from the order; what does not match is not counted, or "
        "its amounts differ.",
        "Export the orders and their lines for the same period, and compare the totals with the source",
    ),
    Rule(
        "D19",
        "note",
        "What the rows of one customer say differently",
        "Its rows in the export do not all have the same value; the one that stands there most often is taken.",
        "No action needed if that is right; otherwise correct it in Customers",
    ),
    Rule(
        "D20",
        "warning",
        "Columns far to the right that are not looked at",
        "Of an export with so many columns the first are looked at, and of the others those whose header is known or "
        "that its profile names. A total, a kind of document or a currency in another column is not seen.",
        "Leave out of the export the columns that are not needed, and import it again",
    ),
)

_VERSIONS = (
    Rule(
        "V01",
        "note",
        "Rows of a plan",
        "They are not counted in the figures; the plan is compared with what came about.",
        "No action needed if intended; otherwise clear the column version in these rows",
    ),
    Rule(
        "V02",
        "warning",
        "Rows whose version is neither actual nor a usual name of a plan",
        "Only rows whose version is blank or Actual are counted in the figures.",
        "If they are actual, clear the column version in these rows, or rename its header; otherwise call the version "
        "Budget, Plan or Forecast",
    ),
    Rule(
        "V03",
        "note",
        "Rows of a plan outside the period analysed",
        "A plan is compared with what came about on the same days.",
        "No action needed if intended; otherwise change start or end in Settings",
    ),
    Rule(
        "V04",
        "note",
        "Tables that a plan has no rows for",
        "The actual rows are taken in their place, so that no difference comes from them.",
        "Add the rows of the plan to have their part of the difference",
    ),
    Rule(
        "V05",
        "error",
        "A change of a scenario that cannot be read",
        "The scenario would be computed without it: the row is left out.",
        "Write by how much, such as +3% or -20%, or to what, such as to 14%",
    ),
    Rule(
        "V06",
        "error",
        "A change of a scenario for a name that is not there",
        "It would change nothing: the row is left out.",
        "Write the name as the tables have it, such as segment:Hotels",
    ),
    Rule(
        "V07",
        "error",
        "A change of a scenario that does not fit what it is of",
        "It would change nothing: the row is left out.",
        "Name customers or products for a price, activities or customers for an activity, a resource for a capacity",
    ),
    Rule(
        "V08",
        "warning",
        "A comparison that is not there",
        "The sheet Changes is left out.",
        "Set compare to previous year, previous period, or the name of a plan or a scenario",
    ),
    Rule(
        "V09",
        "warning",
        "Rows of a scenario that change the same input",
        "Only one of two levels can hold, and two changes by a share add to each other.",
        "No action needed if intended; otherwise delete one of the rows",
    ),
    Rule(
        "V10",
        "error",
        "A change of a scenario after the period analysed",
        "It would change nothing: the row is left out.",
        "Give an earlier day in from, leave it blank, or give a later end in Settings",
    ),
    Rule(
        "V11",
        "error",
        "A change of a scenario that no row meets",
        "It would change nothing: the row is left out.",
        "Name what there are rows of, or leave of blank",
    ),
    Rule(
        "V12",
        "warning",
        "A change of a scenario that changes nothing",
        "The rows that it is of stay as they are.",
        "No action needed if intended; otherwise correct what changes, of whom, or by how much",
    ),
    Rule(
        "V13",
        "warning",
        "A change of a scenario that is held at a limit, or goes the other way than usual",
        "Its effect may be another one than was meant.",
        "No action needed if intended; otherwise change it by less",
    ),
    Rule(
        "V14",
        "warning",
        "A scenario whose name means something else",
        "Formulas and the setting compare take the name for the plan, the period or the actual figures that it means.",
        "Give the scenario another name",
    ),
    Rule(
        "V15",
        "error",
        "More scenarios than are computed",
        "Each scenario computes all figures anew: the row is left out.",
        "Delete the scenarios that are no longer needed, or keep them in another workbook",
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
        *_VERSIONS,
    )
}
"""Every code by itself: its severity, title, why it matters and how it is fixed."""
