"""`study-next`: which weight, group of evidence, published figure or study that could be done would take
most of the uncertainty out of a policy difference.
"""
