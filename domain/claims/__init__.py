"""Claims: the facts of a professional claim, its states, and the rules that it must pass."""
