"""No figure is wrong in silence: each habit of real exports gives the right figure, or is said aloud."""
