"""Makers of the tables and figures in docs/: each writes what its page says from the model's own data.

May import everything below the shell. Nothing imports it but tests and the shell.
"""
