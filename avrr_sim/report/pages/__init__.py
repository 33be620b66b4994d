"""One file a page, or a section of one: it chooses tables, pictures and sentences, and puts them in order.

Nothing here draws, and no number is worked out that a table could hold.
"""
