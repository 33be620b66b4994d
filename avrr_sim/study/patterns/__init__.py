"""Patterns of the literature as statistics of the model: worlds, lives, one file a theme, and the catalogue
of all of them.
"""
