"""The words that xlprofit itself uses for what it finds: the same in code, frames, sheets and formulas.

Each is an enum whose members are texts: a member stands wherever its text may, and ``str`` gives the text alone, which
is what frames and files hold. The standard library is all that is needed, in the words of Python 3.8.
"""
