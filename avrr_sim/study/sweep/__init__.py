"""`sweep` and `merge`: many points of a design over the same people.

Only what is particular to that kind of study; what studies share is in jobs, folder and summary.
"""
