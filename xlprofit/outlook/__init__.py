"""What is to be expected of each customer: survival, forecast, its track record, and what a lifetime is worth.

scipy does the fits and is imported where it is needed only: it takes longer to start than everything else.
"""
