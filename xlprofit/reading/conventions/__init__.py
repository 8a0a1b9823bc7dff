"""Conventions: what holds for a whole column, and is settled from all its cells together.

Which of day and month comes first, which mark parts decimals, the currency, whether a cost is written with a
minus, whether a discount is a rate, which rows are credit notes: one cell alone leaves it open, all of them
seldom do. Each module has one convention; :mod:`column` settles those of the cells of one column before it is
read, :mod:`table` those that several columns of a row bear on. What was settled against the plain look of the
cells is a warning, never silent. Nothing depends on the order of the rows.
"""
