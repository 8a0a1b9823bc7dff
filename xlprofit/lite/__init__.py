"""A workbook that carries its code, for xlwings Lite: Excel on Windows, a Mac or the web, without Python installed.

Experimental: the add-in's format is not described by its makers; it was read from workbooks that it saved.
"""
