"""The frame of a page: elements, templates, style. It knows no study.

Only this folder imports jinja2.
"""
