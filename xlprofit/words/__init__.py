"""Words: here, and nowhere else, messages, findings, sheets and errors become sentences of a language."""
