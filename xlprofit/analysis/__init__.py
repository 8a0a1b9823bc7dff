"""The cost model: pure functions of tables, that know no file, no Excel, no clock and no locale."""
