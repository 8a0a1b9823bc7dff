"""Imports: exports as they come, proposed, confirmed and remembered."""
