"""What an answer depends on: where a difference changes its sign, with what it varies, how much there is to
be moved at all, and what named hypotheses make of it.
"""
