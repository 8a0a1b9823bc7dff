"""Reading: headers, cells and rows of the input sheets, raw as they stand, made into typed columns."""
