"""Drawing a sheet's description: to a file through openpyxl, and to text. No writer decides anything."""
