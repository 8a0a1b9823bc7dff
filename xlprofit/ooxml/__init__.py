"""The .xlsx file: reading tables from it, putting result sheets into it, making a new one to start from."""
