"""Exports: a file as cells, its headers found, and what each of its columns looks like, whatever it is for."""
