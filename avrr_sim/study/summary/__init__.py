"""Jobs into tables: levels, paired differences, intervals, flows, waits, spread by grade of evidence.

Reads results of jobs, writes nothing.
"""
