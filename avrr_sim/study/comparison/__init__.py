"""`run` and `compare`: the same people under each of a few scenarios.

Only what is particular to that kind of study; what studies share is in jobs, folder and summary.
"""
