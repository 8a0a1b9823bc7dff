"""The hosts of the workflow: a file, live Excel, Calc and DataFrames; they read and draw, and decide nothing."""
