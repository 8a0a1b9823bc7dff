"""What once gave a wrong figure with nothing said: each case with its right value, or what is said loudly."""
