"""Studies: orders of many runs over uncertain weights, kept in folders and summed up in tables.

A study never draws or words anything: that is `report/`.
"""
