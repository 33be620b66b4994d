"""Every sentence that a reader of a page sees, and how a number is told in words.

No pictures, no HTML.
"""
