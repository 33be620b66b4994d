"""Pictures: each takes tables and gives a matplotlib figure with its caption and its numbers.

No sentence is made here, and no page.
"""
