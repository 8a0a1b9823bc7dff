"""What is to be expected of each customer: survival, forecast, its track record, and what a lifetime is worth.

scipy's special functions are imported where they are needed only: they take longer to start than everything else.
"""
