"""What is kept: run folders, chunks of runs, whole-or-not writing, what a study is known by and where it came
from.

Nothing here knows what the numbers mean.
"""
