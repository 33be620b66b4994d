"""`calibrate`: weights fitted to published figures, and the checks of the method that does it.

Only what is particular to that kind of study; what studies share is in jobs, folder and summary.
"""
