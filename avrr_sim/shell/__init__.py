"""What each command of `avrr` does and prints, kept apart from `cli.py` so that help appears at once.

No figure of a result is worked out here: the shell orders a study, shows its progress and prints its tables.
"""
