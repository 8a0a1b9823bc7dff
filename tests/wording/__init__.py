"""What is said to a reader, pinned once a language: en.txt and fi.txt.

A sentence is changed in one place in the code and here; other tests assert figures, cells and codes. What English says
of each finding stands beside its faulty workbook in ``tests/findings``.
"""
