"""`validate`: every pattern of the literature and every check figure against the model.

The patterns themselves are in `study/patterns`; here they are ordered, run and judged.
"""
