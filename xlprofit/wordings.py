"""The wordings of findings: what was found and what to do about it, by code and variant.

All that the checks know of them is the code, the name of the variant and the figures. A pair is a singular and a
plural, of ``{n}`` things. What no code has of its own stands under the noun it is about.
How bad a code is, why it matters and how it is fixed in general depends on no figure: :mod:`xlprofit.catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping

Wording = str | tuple[str, str]
"""A text with its figures in braces, or its singular and its plural."""

WORDINGS: Mapping[str, Mapping[str, Wording]] = {
    "C01": {
        "date_where_number": "{day} is a date where a number belongs",
        "format_cell_number": "Format the cell as a number",
        "not_finite_number": "{value} is not a finite number",
        "not_number": "{value} is not a number",
    },
    "C02": {
        "may_mean": "{text} may mean {small} or {large}",
    },
    "C03": {
        "numbers_stored_text": (
            "a number is stored as text",
            "{n:,} numbers are stored as text",
        ),
    },
    "C04": {
        "error_formula_failed": "{error} is the error of a formula that failed",
        "formula_stands_here": "a formula stands here that was never calculated; open and save the book in Excel",
    },
    "C05": {
        "number_where_date": "{value} is a number where a date belongs",
        "format_column_date": "Format the column as a date: it would show {day:%Y-%m-%d}",
    },
    "C06": {
        "not_date": "{value} is not a date",
        "before": "{day} is before {year}",
        "after": "{day} is after {year}",
        "correct_year": "Correct the year",
        "not_day_calendar": "{text} is not a day of the calendar",
    },
    "C07": {
        "may_mean": "{text} may mean {one} or {other}",
        "year_two_digits": "{text} has a year of two digits",
    },
    "C08": {
        "dates_stored_text": (
            "a date is stored as text",
            "{n:,} dates are stored as text",
        ),
    },
    "C09": {
        "format_column_date": "Format the column as a date, or write a month as 2024-03",
        "not_period": "{value} is not a period",
    },
    "C10": {
        "neither_yes_nor": "{value} is neither yes nor no",
    },
    "C11": {
        "not_one": "{value} is not one of {words}",
    },
    "C12": {
        "blank": "{column} is blank",
    },
    "C13": {
        "above": "{value} is above {limit:,.15g}",
        "below": "{value} is below {limit:,.15g}",
        "write": "Write {percent:.15g} % or {share:.15g}",
    },
    "C14": {
        "rows_all_not": (
            "{sum:,.2f} {name} is not in {currency}",
            "{n:,} rows, {sum:,.2f} {name} in all, are not in {currency}",
        ),
        "not": "{text} is not in {currency}",
    },
    "C18": {
        "rows_no_customer": (
            "{n:,} row ({sum:,.2f} {currency}) has no customer",
            "{n:,} rows ({sum:,.2f} {currency}) have no customer",
        ),
        "rows_no_customer_2": (
            "{n:,} row has no customer",
            "{n:,} rows have no customer",
        ),
    },
    "C20": {
        "read": "{text} is read as {number}",
    },
    "C21": {
        "may_written_counted": "{day} may be {other}, as {text} is written, and is counted as it stands",
        "read_written": "{day} is read as {other}, as {text} is written",
        "compare_dates_source": "Compare the dates with the source, and import it again if they are swapped",
    },
    "C15": {
        "counted_sales": (
            "{n:,} cell of {column} is negative and the revenue of its row is not: it is counted as a sale, "
            "{sum:,.2f} {currency}",
            "{n:,} cells of {column} are negative and the revenue of their rows is not: they are counted as "
            "sales, {sum:,.2f} {currency} in all",
        ),
        "write_revenue_negative": "Write the revenue of returns negative too, or the quantity positive",
    },
    "C22": {
        "all_amounts_name": (
            "all amounts that name a currency are in {names}; {currency} is taken as the "
            "currency of the workbook"
        ),
        "header_says_column": "the header of {column} says {currency}, and a column of currencies another",
        "no_action_needed": "No action needed if {column} is in {currency}; otherwise correct its header",
        "rows_exchange_rate": (
            "{n:,} row has an exchange rate other than 1 under {header}, and is counted in {currency}",
            "{n:,} rows have an exchange rate other than 1 under {header}, and are counted in {currency}",
        ),
        "name_currencies_column": (
            "Name the currencies in a column Currency; no action needed if all amounts are in {currency}"
        ),
    },
    "C23": {
        "rows_under_left": (
            "{n:,} row with {words} under {header} is left out, {sum:,.2f} {currency}",
            "{n:,} rows with {words} under {header} are left out, {sum:,.2f} {currency} in all",
        ),
        "rows_under_counted": (
            "{n:,} row with {words} under {header} is counted negative, {sum:,.2f} {currency}",
            "{n:,} rows with {words} under {header} are counted negative, {sum:,.2f} {currency} in all",
        ),
    },
    "C24": {
        "most_negative_so": "most of {column} is negative, so its sign is turned: {sum:,.2f} {currency} in all",
    },
    "C25": {
        "cells_read_shares": (
            "{n:,} cell of {column} is read as a share of {revenue}: {sum:,.2f} {currency}",
            "{n:,} cells of {column} are read as shares of {revenue}: {sum:,.2f} {currency} in all",
        ),
    },
    "C26": {
        "multiplied_header_says": "{column} is multiplied by {scale:,.0f}, as its header says",
        "divided_header_says": "{column} is divided by {scale:,.0f}, as its header says",
    },
    "C27": {
        "rows_under_counted_sales": (
            "{n:,} row with {words} under {header} is counted as a sale, {sum:,.2f} {currency}",
            "{n:,} rows with {words} under {header} are counted as sales, {sum:,.2f} {currency} in all",
        ),
        "write_credit_note": "Write Credit note, Cancelled or Invoice there",
        "delete_rows": "Delete the rows if they are no sales; no action needed if they are",
    },
    "C28": {
        "amounts_settings_names": "there are amounts in {currencies}, and Settings names no currency",
    },
    "C30": {
        "cells_larger_than": (
            "{n:,} cell of {column} is larger than the revenue of its row, by {sum:,.2f} {currency}",
            "{n:,} cells of {column} are larger than the revenue of their rows, by "
            "{sum:,.2f} {currency} in all",
        ),
    },
    "D01": {
        "rows_read": (
            "{n:,} row was read from {path}",
            "{n:,} rows were read from {path}",
        ),
        "rows_read_sheet": (
            "{n:,} row was read from the sheet {sheet} of {path}",
            "{n:,} rows were read from the sheet {sheet} of {path}",
        ),
        "rows_read_2": (
            "{n:,} row was read by {engine}: {query}",
            "{n:,} rows were read by {engine}: {query}",
        ),
        "rows_summed": (
            "{n:,} row was summed to {sums:,} by {engine}: {query}",
            "{n:,} rows were summed to {sums:,} by {engine}: {query}",
        ),
        "rows_twice_not": "rows that are there twice are not looked for in a source",
    },
    "D17": {
        "too_many_sums": "there are more than {n:,} sums by customer, product and month: products are left out",
    },
    "D02": {
        "sheet_rows_too": "the sheet {sheet} has rows too, which are not counted",
    },
    "D04": {
        "rows_more_values": (
            "{n:,} row has more values than there are headers, and is left out",
            "{n:,} rows have more values than there are headers, and are left out",
        ),
    },
    "D05": {
        "rows_fewer_values": (
            "{n:,} row has fewer values than there are headers",
            "{n:,} rows have fewer values than there are headers",
        ),
    },
    "D06": {
        "not_utf_read": "it is not in UTF-8, and is read as {encoding}",
    },
    "D07": {
        "files_no_column": (
            "{n:,} file has no column {column}: {names}",
            "{n:,} files have no column {column}: {names}",
        ),
    },
    "D08": {
        "files_folder_not": (
            "{n:,} file of the folder is not read: {names}",
            "{n:,} files of the folder are not read: {names}",
        ),
        "folders_not_entered": (
            "{n:,} folder cannot be opened, and its files are not counted: {names}",
            "{n:,} folders cannot be opened, and their files are not counted: {names}",
        ),
        "ask_right": "Ask for the right to read it, or name the folders that you may read",
    },
    "D09": {
        "same_content": "{copy} has the same content as {file}",
    },
    "D10": {
        "read_by_content": "column {header} is read as {column} by what stands in it; its name does not say so",
    },
    "D11": {
        "rows_left_out": (
            "{n:,} row is left out, as the profile says",
            "{n:,} rows are left out, as the profile says",
        ),
        "total_left_out": "the row adds up those above it, {sum:,.2f}, and is left out",
    },
    "D12": {
        "column_missing": "the export has no column {header}, which the profile reads as {column}",
        "written_otherwise": (
            "{text} in the column {header} is not written as the profile says, which is not followed here"
        ),
        "other_sign": (
            "most amounts of {header} are no longer negative, so their sign is not turned as the profile says"
        ),
        "days_spread": (
            "the dates of {header} lie far apart with the day first, as the profile says, and close together with the "
            "month first"
        ),
        "months_spread": (
            "the dates of {header} lie far apart with the month first, as the profile says, and close together with "
            "the day first"
        ),
        "column_new": "the export has a new column {header}, which is not read",
        "sheet_new": "the sheet {sheet} has the same columns, and is not read",
        "larger": (
            "the amounts of {header} are much larger than when the profile was made: {middle:,.2f} in the middle, "
            "{usual:,.2f} then"
        ),
        "smaller": (
            "the amounts of {header} are much smaller than when the profile was made: {middle:,.2f} in the middle, "
            "{usual:,.2f} then"
        ),
        "month_larger": (
            "the amounts of {header} in {month} are much larger than in other months: {middle:,.2f} in the middle, "
            "otherwise {usual:,.2f}"
        ),
        "month_smaller": (
            "the amounts of {header} in {month} are much smaller than in other months: {middle:,.2f} in the middle, "
            "otherwise {usual:,.2f}"
        ),
    },
    "D13": {
        "no_profit": (
            "{n:,} row has no {header}, so that its cost is not known and counts as 0",
            "{n:,} rows have no {header}, so that their cost is not known and counts as 0",
        ),
    },
    "D18": {
        "no_order": (
            "{n:,} row has a number that no order of {sheet} has, so that its customer and date are not known, and is "
            "left out",
            "{n:,} rows have a number that no order of {sheet} has, so that their customer and date are not known, and "
            "are left out",
        ),
        "no_lines": (
            "{n:,} order of {sheet} has no lines, and is not counted",
            "{n:,} orders of {sheet} have no lines, and are not counted",
        ),
        "amounts": (
            "the lines are counted, {sum:,.2f} in all; {header} of {sheet} is {total:,.2f}, and in too many orders it "
            "is not what the lines come to"
        ),
    },
    "D19": {
        "several": (
            "{n:,} customer has several values of {column}: the most frequent one is taken",
            "{n:,} customers have several values of {column}: the most frequent one is taken",
        ),
    },
    "D20": {
        "not_looked_at": (
            "{n:,} column right of the first {most:,} is not looked at",
            "{n:,} columns right of the first {most:,} are not looked at",
        ),
    },
    "D14": {
        "no_rule": (
            "{n:,} row fits none of the rules of the profile, and is left out",
            "{n:,} rows fit none of the rules of the profile, and are left out",
        ),
        "measures": (
            "{n:,} row with {words} under {header} is no revenue and no cost of goods, and is left out",
            "{n:,} rows with {words} under {header} are no revenue and no cost of goods, and are left out",
        ),
        "other_table": "another table begins below row {row}, and is not read",
    },
    "D15": {
        "tax": (
            "{header} is counted as it is, {sum:,.2f} in all; if the tax in {other} is included, it is {total:,.2f}"
        ),
        "tax_rate": (
            "{header} is counted as it is, {sum:,.2f} in all; if tax at the rate in {other} is included, it is "
            "{total:,.2f}"
        ),
        "refund": (
            "the tax is taken off {header}, which leaves {sum:,.2f}; if it is without tax already, it is {total:,.2f}"
        ),
        "each": (
            "{header} is taken for one unit and multiplied by {other}, {sum:,.2f} in all; if it is for the line, it is "
            "{total:,.2f}"
        ),
        "line": (
            "{header} is taken for the line, {sum:,.2f} in all; if it is for one unit, times {other}, it is "
            "{total:,.2f}"
        ),
        "repeated": (
            "{header} is the same in all rows of one {other}, and each row is counted, {sum:,.2f} in all; counted "
            "once, it is {total:,.2f}"
        ),
        "once": (
            "{header} is the same in all rows of one {other}, and counted once, {sum:,.2f} in all; if each row counts, "
            "it is {total:,.2f}"
        ),
        "discounted": (
            "{header} is taken as deducted from {other} already, which is {sum:,.2f} in all; if it is still to be "
            "deducted, {total:,.2f} is left"
        ),
        "listed": (
            "{header} is deducted from {other}, which leaves {sum:,.2f}; if it was deducted before, it is {total:,.2f}"
        ),
        "beside": "{header} is counted, {sum:,.2f} in all; {other}, which is not, has {total:,.2f} more",
        "stages": (
            "{n:,} row with {words} under {header} is left out beside the invoices, {sum:,.2f}",
            "{n:,} rows with {words} under {header} are left out beside the invoices, {sum:,.2f} in all",
        ),
    },
    "D16": {
        "replaces": "{table} is now read from {path} instead of {old}, whose rows are no longer counted",
    },
    "H01": {
        "header_read": "header {header} is read as {column}",
        "header_read_2": "header {header} is read as {column}, in {unit}",
    },
    "H02": {
        "header_second_one": "header {header} is a second one for {column}; {other} in {cell} is used",
    },
    "H03": {
        "no_column": "there is no column {column}",
        "add_column_header": "Add a column with the header {column}: {note}",
        "no_column_but": "there is no column {column}, but header {header} looks like {column}",
        "no_column_columns": "there is no column {column}; columns not used: {headers}",
        "rename_header_column": "Rename the header of the column that has it {column}",
        "rename_header": "Rename the header {column}",
    },
    "H04": {
        "header_looks_like": "header {header} looks like {column}, and is ignored",
        "rename_leave_if": "Rename it {column}, or leave it if it is a column of your own",
    },
    "H05": {
        "cells_stand_under": (
            "{n:,} cell stands under no header, and is not read",
            "{n:,} cells stand under no header, and are not read",
        ),
    },
    "H06": {
        "gross_margin_then": "{missing}: gross margin is then net revenue, {sum:,.2f} {currency}",
        "all_invoices_count": (
            "{missing}: {n:,} invoice counts as unpaid, {sum:,.2f} {currency}",
            "{missing}: all {n:,} invoices count as unpaid, {sum:,.2f} {currency}",
        ),
        "rename_header_column": (
            "Rename the header of the column that has the day of payment {Invoices.paid}; no "
            "action needed if every invoice is open"
        ),
        "blank_every_row": "{Sales.cogs} is blank in every row",
        "no_column": "there is no column {Sales.cogs}",
        "only_cost_goods": (
            "{missing}: only the cost of goods in {DirectCosts} is deducted from net revenue,"
            " {sum:,.2f} {currency}"
        ),
        "blank_every_row_2": "{Invoices.paid} is blank in every row",
        "no_column_2": "there is no column {Invoices.paid}",
    },
    "H07": {
        "no_columns": (
            "there is no column {columns}",
            "there are no columns {columns}",
        ),
        "counts": "{driver} (it counts as 0)",
    },
    "H08": {
        "header_could_too": "header {header} could be {column} too; {other} in {cell} is used",
    },
    "H09": {
        "header_read_deducted": (
            "header {header} is read as {column}, and {deducted} is deducted from it: {sum:,.2f} {currency}"
        ),
        "if_deducted_before": (
            "If it was deducted before, rename the column of the deduction; else no action is needed"
        ),
        "header_read_column": "header {header} is read as {column}, and there is a column {tax}: it may include tax",
        "give_revenue_before": "Give revenue before tax, in a column {Sales.gross_revenue}; no action needed if it is",
        "header_read_every": "header {header} is read as {column}, and every row has the same value there",
        "give_customers_column": "Give the customers in a column {column}; no action needed if there is only one",
    },
    "K01": {
        "row_says_same": "duplicate of row {row}",
    },
    "K02": {
        "also_row_says": "{name} conflicts with row {row}, which is used",
    },
    "K03": {
        "rows_same_earlier": (
            "{n:,} row is the same as an earlier row in every column",
            "{n:,} rows are the same as an earlier row in every column",
        ),
    },
    "K04": {
        "no_action_needed": "No action needed if it is a total; otherwise give it another name",
        "total_rows_left": (
            "{name} is a total: {n:,} row ({amount}) is left out",
            "{name} is a total: {n:,} rows ({amount}) are left out",
        ),
        "total_rows_left_out": (
            "{name} is a total: {n:,} row is left out",
            "{name} is a total: {n:,} rows are left out",
        ),
    },
    "K06": {
        "delete_what_total": "Delete what is a total; otherwise write the customer in the row",
        "adds_up_all": "{name} adds up all other rows ({amount}), and is counted",
        "may_total_counted": "{name} may be a total, and is counted",
    },
    "M01": {
        "over_capacity_used": "{resource} is over capacity: {used:,.0f} {unit} used of {supplied:,.0f}",
        "over_capacity_periods": (
            "{resource} is over capacity in {n} periods, most in {period}: {used:,.0f} {unit}"
            " used of {supplied:,.0f}"
        ),
        "over_capacity_periods_most": (
            "{resource} is over capacity in {n} periods, most: {used:,.0f} {unit} used of {supplied:,.0f}"
        ),
        "over_capacity_used_2": "{resource} is over capacity in {period}: {used:,.0f} {unit} used of {supplied:,.0f}",
    },
    "M02": {
        "assigned_nobody_since": "{amount:,.2f} of {resource} is unassigned, since nothing used it",
    },
    "M03": {
        "used_but_no": "{resource} was used but has no cost there",
        "used_but_no_cost": "{resource} was used in {periods} but has no cost there",
    },
    "M04": {
        "does_not_tie": (
            "{name} does not tie out: {control:,.2f} in the books, {ledger:,.2f} in the "
            "ledger, a difference of {difference:,.2f}"
        ),
    },
    "M05": {
        "no_line_group": "{name} is no line, group, activity or resource of the ledger",
    },
    "M07": {
        "time_first": (
            "time this activity first: {rates}",
            "{n} stated rates lie outside what the minutes paid suggest; time these first: {rates}",
        ),
        "rate": "{activity} (stated {stated:.3g}, likely {low:.3g} to {high:.3g})",
        "rate_of_driver": "{activity} by {driver} (stated {stated:.3g}, likely {low:.3g} to {high:.3g})",
    },
    "M08": {
        "too_small": (
            "{n} rate needs no timing: {activities}",
            "{n} rates need no timing: {activities}",
        ),
    },
    "M09": {
        "changed": (
            "the closed period {period} has changed: company profit {after:,.2f} {currency} instead of {before:,.2f} "
            "({figures}; {n:,} customer): {why}",
            "the closed period {period} has changed: company profit {after:,.2f} {currency} instead of {before:,.2f} "
            "({figures}; {n:,} customers): {why}",
        ),
        "gone": "the closed period {period} is no longer in the period analysed",
    },
    "M10": {
        "unreadable": "{file} cannot be read",
    },
    "M11": {
        "too_short": (
            "{n:,} month of history is too short to test a forecast on its last months",
            "{n:,} months of history are too short to test a forecast on the last of them",
        ),
        "too_few": "of {n:,} customers too few were there before the last months to test a forecast on these",
    },
    "M12": {
        "average_best": (
            "on the last month held out, no method did better than the average of each customer",
            "on the last {n:,} months held out, no method did better than the average of each customer",
        ),
    },
    "M13": {
        "bought_after": (
            "{customer} ended on {day:%Y-%m-%d} and bought after that, last on {last:%Y-%m-%d}",
            "{n:,} customers bought after they ended; {customer} ended on {day:%Y-%m-%d} and bought last on "
            "{last:%Y-%m-%d}",
        ),
    },
    "M14": {
        "hardly_leaves": "the cost passes through {resource} about {times:,} times before it comes to rest",
    },
    "M15": {
        "not_allocated": "the shares lead round almost without end, and none of them was followed",
    },
    "M16": {
        "more_than_all": (
            "{customer} is said to have brought {count:,.0f} customers, of {customers:,} in all",
            "{n:,} customers are said to have brought more than there are; {customer} alone {count:,.0f}, of "
            "{customers:,} in all",
        ),
    },
    "M17": {
        "data_stop": (
            "the last sale is of {last:%Y-%m-%d}, {n:,} day before the period analysed ends on {end:%Y-%m-%d}",
            "the last sale is of {last:%Y-%m-%d}, {n:,} days before the period analysed ends on {end:%Y-%m-%d}",
        ),
    },
    "M06": {
        "sales_lines_net": (
            "{n:,} sales line ({sum:,.2f} {currency} net) has no customer",
            "{n:,} sales lines ({sum:,.2f} {currency} net) have no customer",
        ),
    },
    "N01": {
        "write_everywhere_give": "Write {name} everywhere, or give the two different names",
        "read": "{written} is read as {name}",
    },
    "N02": {
        "cells_another_name": (
            "{n:,} cell has another name or number of {Aliases}, and is read as its customer",
            "{n:,} cells have another name or number of {Aliases}, and are read as its customer",
        ),
    },
    "N03": {
        "said": "{id} is said to be {customers}",
    },
    "N04": {
        "said_turn": "{id} is said to be {customer}, and {customer} in turn to be {id}",
    },
    "N05": {
        "another_name_row": "{id} is another name of {customer} in {Aliases}: its row here is not read",
    },
    "N06": {
        "may_same_customer": "{name} may be the same customer as {other}",
    },
    "N07": {
        "what_calls": "{name} is what {Customers} calls {others}",
    },
    "N08": {
        "no_sales": "{name} has no sales, and {other} has",
        "not": "{name} is not in {Customers}, and {other} is",
    },
    "N09": {
        "ids_no_other": (
            "{n:,} id is in no other table",
            "{n:,} ids are in no other table",
        ),
    },
    "N10": {
        "stands_for_many": "{name} stands for many customers, and is counted as one",
    },
    "R01": {
        "not": "{activity} is not in {Activities}",
    },
    "R02": {
        "no_rate_none": "{activity} has no rate: none of its rows in {Activities} can be used",
    },
    "R03": {
        "but_none_rows": "{resource} is in {Resources}, but none of its rows there can be used",
        "not": "{resource} is not in {Resources}",
        "fix_rows": "Fix its rows in {Resources}",
    },
    "R04": {
        "term_neither_nor": "a term of {activity} has neither a {Activities.resource} nor a {Activities.unit_cost}",
    },
    "R05": {
        "term_both_used": (
            "the term has both a {Activities.resource} and a {Activities.unit_cost}; the "
            "{Activities.unit_cost} is used"
        ),
    },
    "R06": {
        "not_column": "{driver} is not a column of {ActivityLog}",
        "column_cannot_driver": "the column {driver} cannot be a driver",
        "name_column_numbers": "Name a column of numbers, under a header of its own",
    },
    "R07": {
        "elsewhere_here": "the {column} of {activity} is {there} elsewhere and {here} here",
    },
    "R08": {
        "cannot_group_your": "{group} cannot be a group of your own",
    },
    "R09": {
        "write_leave_if": "Write {like}, or leave it if it is a word of your own",
        "none_usual_groups": "{group} is none of the usual groups, but looks like {like}",
    },
    "R11": {
        "allocated_itself": "{resource} is allocated to itself",
    },
    "R12": {
        "shares_add_up": "the shares of {resource} add up to {share:.6g}",
    },
    "R13": {
        "cost_goes_round": "the cost of {resource} goes round in a closed loop",
    },
    "R14": {
        "practical_share": "the practical share is 0",
    },
    "R15": {
        "capacity_read_not": "the capacity is 0; it is read as not given",
    },
    "R16": {
        "rows_period_without": (
            "{resource} has rows with a period and without: this one is spread evenly over the periods"
        ),
    },
    "R21": {
        "no_called": "no {scope} is called {name}",
    },
    "R22": {
        "rule_does_not": "the rule does not say which {scope} it is for",
    },
    "R23": {
        "rule_overlaps_one": "the rule for {whom} overlaps the one in row {row:.0f}",
    },
    "R24": {
        "rule_ends_before": "the rule ends on {end:%Y-%m-%d}, before it starts on {start:%Y-%m-%d}",
    },
    "R30": {
        "no_rate_known": "no rate is known: expected loss is left out",
    },
    "R31": {
        "due_before_issued": "due on {day:%Y-%m-%d}, before it was issued on {issued:%Y-%m-%d}",
    },
    "R32": {
        "paid_before_issued": "paid on {day:%Y-%m-%d}, before it was issued on {issued:%Y-%m-%d}",
    },
    "R33": {
        "invoices_issued_after": (
            "{n:,} invoice issued after {day:%Y-%m-%d}",
            "{n:,} invoices issued after {day:%Y-%m-%d}",
        ),
    },
    "R34": {
        "balances_customers_invoices": (
            "{n:,} balance of customers that have invoices: the invoices are used",
            "{n:,} balances of customers that have invoices: the invoices are used",
        ),
    },
    "R35": {
        "not_given_financing": "{setting} is not given: financing is left out",
    },
    "R36": {
        "no_expected_loss": "there are no {LossRates}: expected loss is left out",
    },
    "R37": {
        "written_off_invoice": "{sum:,.2f} {currency} written off of an invoice of {amount:,.2f}",
        "recovered_written_off": "{sum:,.2f} {currency} recovered of {amount:,.2f} written off",
    },
    "R38": {
        "written_off_before": "written off on {day:%Y-%m-%d}, before it was issued on {issued:%Y-%m-%d}",
    },
    "R39": {
        "invoices_written_off": (
            "{n:,} invoice ({sum:,.2f} {currency}) was written off without a date: counted on {day:%Y-%m-%d}",
            "{n:,} invoices ({sum:,.2f} {currency}) were written off without a date: "
            "counted on {day:%Y-%m-%d}",
        ),
        "invoices_recovered_without": (
            "{sum:,.2f} {currency} of {n:,} invoice were recovered without a date: counted on {day:%Y-%m-%d}",
            "{sum:,.2f} {currency} of {n:,} invoices were recovered without a date: counted"
            " on {day:%Y-%m-%d}",
        ),
    },
    "R40": {
        "customers_receivables_no": (
            "{n:,} customer has receivables and no cost of goods: they are financed at the selling price",
            "{n:,} customers have receivables and no cost of goods: theirs are financed at the selling price",
        ),
    },
    "R41": {
        "not": "{customer} is not in {Customers}",
    },
    "R42": {
        "said_referred_itself": "{customer} is said to have referred itself",
    },
    "R43": {
        "shares_bringing_add": "the shares for bringing {customer} add up to {share:.6g}",
    },
    "R44": {
        "not": "{prospect} is not in {Prospects}",
        "but_row_cannot": "{prospect} is in {Prospects}, but its row there cannot be used",
        "fix_row": "Fix its row in {Prospects}",
    },
    "R45": {
        "not_mentioned_any": "{customer} is not mentioned by any other table",
        "prospect": "{customer} is a prospect and no customer: nobody is credited with what it brought",
        "fix_prospect": "Add it to {Customers} once it is won",
    },
    "R47": {
        "parent_loop": "its parents lead back to it: {chain}",
    },
    "R48": {
        "own_parent": "{customer} is its own parent: it is the top of its group",
    },
    "R49": {
        "until_before_from": "the row ends on {last}, before it begins on {first}",
    },
    "R50": {
        "rows_overlap": "this row of {customer} begins before an earlier one has ended: from that day it is used",
    },
    "R51": {
        "days_not_covered": (
            "{n:,} row of {customer} from {first} on is covered by no row of {Customers}",
            "{n:,} rows of {customer} from {first} on are covered by no row of {Customers}",
        ),
    },
    "R52": {
        "no_balance": (
            "{n:,} customer has no balance in {missing:,} of the {all:,} periods in which it bought: "
            "these bear no financing",
            "{n:,} customers have no balance in {missing:,} of the {all:,} periods in which they bought: "
            "these bear no financing",
        ),
    },
    "R53": {
        "invoiced_less": (
            "{n:,} customer was invoiced {sum:,.2f} {currency} of the {sold:,.2f} that it bought: the rest "
            "bears no financing and no expected loss",
            "{n:,} customers were invoiced {sum:,.2f} {currency} of the {sold:,.2f} that they bought: the rest "
            "bears no financing and no expected loss",
        ),
    },
    "S01": {
        "not_setting": "{name} is not a setting",
    },
    "S02": {
        "not_currency_s": "{setting}: {value} is not a currency's code",
        "taken_not_given": "; it is taken as not given",
        "write_code_such": "Write a code such as EUR",
        "default_used": "; the default {default} is used",
    },
    "S03": {
        "these_settings_not": (
            "this setting was not given, so the default is used: {settings}",
            "these settings were not given, so the default is used: {settings}",
        ),
    },
    "S04": {
        "start_after_end": "start {start:%Y-%m-%d} is after end {end:%Y-%m-%d}",
    },
    "S05": {
        "correct_date": "Correct the date, or {instead}",
        "more_than_two": "{day} is more than two years from the other dates",
    },
    "S07": {
        "no_attribute": "{setting}: {Customers} has no column {name}",
    },
    "T01": {
        "looks_like": "The sheet {sheet} looks like {Sales}. Take it in with {command}",
        "no_table_sheet": "there is no {Sales} table or sheet",
        "no_table_sheet_only": "there is no {Sales} table or sheet, only {others}",
    },
    "T02": {
        "no_sales_line": "no sales line is in the period analysed",
        "none_rows_can": (
            "none of its {n:,} row can be used",
            "none of its {n:,} rows can be used",
        ),
        "sheet_no_sales": "the sheet has no sales lines",
    },
    "T03": {
        "left_out_since": "left out, since their tables are not filled in: {parts}",
    },
    "T04": {
        "rows_stand_right": (
            "{n:,} row right below the Excel Table is read as part of it",
            "{n:,} rows right below the Excel Table are read as part of it",
        ),
    },
    "T08": {
        "columns_stand_right": (
            "{n:,} column right beside the Excel Table is read as part of it: {headers}",
            "{n:,} columns right beside the Excel Table are read as part of it: {headers}",
        ),
    },
    "T05": {
        "cell_stands_file": "the cell stands in the file more than once, and which value is meant cannot be told",
    },
    "T06": {
        "cells_sheet_not": "the cells of this sheet are not in order in the file",
    },
    "T07": {
        "sheet_not_read": "the sheet {further} is not read; by its name it holds more rows of {table}",
    },
    "absent": {
        "columns_not_used": "; columns not used: {headers}",
    },
    "amounts": {
        "cells_negative": (
            "{n:,} cell of {column} is negative",
            "{n:,} cells of {column} are negative",
        ),
        "all": ", {sum:,.2f} {currency} in all",
    },
    "column": {
        "column_both": "{what}; the column has both {one} and {other}",
    },
    "customers": {
        "if_they_one": 'If they are one customer, add a row to {Aliases}: id "{name}", customer "{other}"',
        "if_one_them": "If it is one of them, add a row to {Aliases} that says which",
    },
    "faults": {
        "more_like": "and {n:,} more like it in {where}",
        "more_like_2": " (and {n:,} more like it)",
    },
    "headers": {
        "header_not_read": (
            "header {header} is not read as {column}, since every row has the same value "
            "there; {other} in {cell} is used"
        ),
        "millions": "millions",
        "percent": "percent",
        "scale_of_currency": "{scale} of {currency}",
        "cents": "cents",
        "thousands": "thousands",
    },
    "loss_rates": {
        "rate_more_days": (
            "the rate for {days:g} or more days past due is blank: {rate} is used, on "
            "{sum:,.2f} {currency} open there"
        ),
    },
    "numbers": {
        "write_if_nothing": "Write 0 if it is nothing; clear the cell if it is not known",
    },
    "span": {
        "rows_outside_left": (
            "{n:,} row outside {start:%Y-%m-%d} to {end:%Y-%m-%d} is left out",
            "{n:,} rows outside {start:%Y-%m-%d} to {end:%Y-%m-%d} are left out",
        ),
        "of": ", {sum:,.2f} {currency} of {column}",
        "set_settings": "set as_of in Settings",
        "set_start_end": "set start and end in Settings",
    },
    "subtotals": {
        "rows_without_customer": (
            "{n:,} row without a customer ({amount}) adds up the rows of a customer",
            "{n:,} rows without a customer ({amount}) each add up the rows of a customer",
        ),
        "counted": (
            ", and is counted",
            ", and are counted",
        ),
        "rows_without_customer_each": (
            "{n:,} row without a customer ({amount}) adds up the rows of its month",
            "{n:,} rows without a customer ({amount}) each add up the rows of their month",
        ),
        "rows_without_customer_each_add": (
            "{n:,} row without a customer ({amount}) adds up all rows",
            "{n:,} rows without a customer ({amount}) each add up all rows",
        ),
        "left_out": (
            ", and is left out",
            ", and are left out",
        ),
    },
    "totals": {
        "quantity": "{sum:,.15g} in quantity",
    },
    "words": {
        "write_if_meant": "Write {name} if that is meant",
    },
    "V01": {
        "rows_are_plan": (
            "{n:,} row of the version {version} is not counted among the actual ones",
            "{n:,} rows of the version {version} are not counted among the actual ones",
        ),
    },
    "V02": {
        "rows_are_plan": (
            "{n:,} row of the version {version} is not counted",
            "{n:,} rows of the version {version} are not counted",
        ),
    },
    "V03": {
        "rows_outside": (
            "{n:,} row of the version {version} outside {start:%Y-%m-%d} to {end:%Y-%m-%d} is left out",
            "{n:,} rows of the version {version} outside {start:%Y-%m-%d} to {end:%Y-%m-%d} are left out",
        ),
    },
    "V04": {
        "tables_taken": "the version {version} has no rows of {tables}: the actual ones are taken",
    },
    "V05": {
        "not_change": "{change} is not a change",
        "not_for": "{change} is not a change of {what}",
        "may_mean": "{change} may mean {small:.1%} or {large:.0%}",
        "beyond": "{change} is more than {what} can change",
        "two_readings": "{change} may mean {small}% or {large}%",
        "not_whole": "{change} is no whole number of days",
        "within": "Give from {low} to {high}",
        "above": "Give more than {low}, and {high} at most",
        "below": "{change}, in percentage points, takes the discount below 0%: it is {share:.1%} of gross revenue, "
        "from {least:.1%} ({least_of}) to {most:.1%} ({most_of})",
        "below_one": "{change}, in percentage points, takes the discount of {least_of} below 0%: it is {share:.1%} of "
        "gross revenue",
        "beyond_gross": "{change}, in percentage points, takes the discount above 100%: it is {share:.1%} of gross "
        "revenue, from {least:.1%} ({least_of}) to {most:.1%} ({most_of})",
        "beyond_gross_one": "{change}, in percentage points, takes the discount of {least_of} above 100%: it is "
        "{share:.1%} of gross revenue",
        "from_to": "Give from {low} to {high}, or a level such as to 14%",
        "explodes": "with elasticity {elasticity} the volume is multiplied by more than volume can change",
        "nearer_zero": "Give an elasticity nearer to 0, or a smaller change of price",
    },
    "V06": {
        "no_such": "{of} is in no table: its {what} cannot be changed",
        "no_kind": "{of} cannot be found: {kind} is no column of {Customers}, product, activity, group or resource",
    },
    "V07": {
        "not_of_kind": "{what} cannot be changed for {of}",
        "not_dated": "{what} can only be changed for the whole period analysed",
        "leave_blank": "Leave from blank",
    },
    "V08": {
        "no_such": "{compare} is no period, plan or scenario to compare with",
    },
    "V09": {
        "set": "{what} is set to {one} and to {other} for the same: {other} counts",
        "overlap": "{what} is set to {one} for {of} and to {other} for {other_of}: {other} counts where both hold",
        "again": "{what} changes by {one} and by {other} for the same: {together} together",
        "twice": "{what} is set to {one} and to {other} for the same",
        "both": "{what} is set to {one} for {of} and to {other} for {other_of}, and some rows are of both",
        "leave_one": "Leave one of them",
    },
    "V10": {
        "after": "the change begins after the period analysed, which ends on {day}",
        "earlier": "Give an earlier day, or none",
    },
    "V11": {
        "none": "there are no rows of {tables}",
        "none_since": "no row of {tables} is from {day} on",
        "no_rows": "no row of {tables} is of {of}",
        "no_rows_since": "no row of {tables} is of {of} from {day} on",
        "not_together": "no row of {tables} is of {of} together",
        "one_each": "Make a change for each of them",
    },
    "V12": {
        "nothing": "{what} {change} changes nothing",
        "nothing_of": "{what} {change} changes nothing for {of}",
        "no_price": "{what} {change} changes nothing without a change of price for the same",
        "add_price": "Add the change of price, or leave out the elasticity",
    },
    "V13": {
        "held": (
            "the discount of {n:,} of {all:,} customers cannot change by {change}, in percentage points, and is held "
            "at {limit:.0%}: {customers}",
            "the discount of {n:,} of {all:,} customers cannot change by {change}, in percentage points, and is held "
            "at {limit:.0%}: {customers}",
        ),
        "up_to": "No action needed if intended; up to {most} none is held",
        "held_payments": (
            "{n:,} invoice is paid in fewer days than {change} takes away, and is taken as paid when issued",
            "{n:,} invoices are paid in fewer days than {change} takes away, and are taken as paid when issued",
        ),
        "level": "No action needed if intended; otherwise give fewer days, or the days to pay in",
        "rises_with_price": "with elasticity {elasticity} more is sold at a higher price",
        "negative": "Write {amount} if less is sold at a higher price",
    },
    "V14": {
        "taken": "{scenario} is the name of a plan, of a period to compare with or of the actual figures",
    },
    "V15": {
        "many": "there are {n:,} scenarios, of which the first {most:,} by name are computed",
    },
}
"""Every wording, by code (or noun) and variant."""
