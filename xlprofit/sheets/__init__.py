"""Result sheets as data: what stands where and what it means, with no Excel library in sight."""
