"""Offers beside the programme, and amounts of the programme that a scenario redates: what they are, the form
in which a file writes them, and the table of them that the rules read.
"""
