"""What is to be expected of each customer: survival, forecast, its track record, and what a lifetime is worth.

scipy's special functions are needed for the fits; it is imported where it is needed only: it takes longer to start than everything else.
"""
