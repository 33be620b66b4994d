"""Two ways to run the same rules: `table` (compiled, fast) and `agents` (Mesa, to look into)."""
