"""Fuzzing of the workbook reader and of the package writer, for a bounded time: see README.md."""
