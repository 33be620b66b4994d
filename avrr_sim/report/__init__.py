"""Pages and pictures made from the tables of a study, never from the model or a run.

words/ has every sentence, figures/ every picture, html/ the frame of a page, pages/ one file a page or
section.
"""
