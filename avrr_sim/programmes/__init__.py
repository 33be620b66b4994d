"""Programmes of assisted return, one file each: dated amounts, eligibility and services with their sources.

Files of data only; `programme.py` reads them.
"""
