"""Published figures: what one is, and those that come with the package.

May import measures and what lies below. How the model answers to a figure stands with the study that asks.
"""
