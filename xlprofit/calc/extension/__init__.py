"""What goes into the extension and runs in LibreOffice's own Python: the standard library and UNO alone.

It is written in the words of Python 3.8, and bundled with the formulas' own modules as they stand.
"""
