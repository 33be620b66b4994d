"""The world as published: claims, decisions, pending stock, security and income by origin and year, each
series with unit, basis and source. `published` reads it; `make` wrote it from public tables; what the model
takes of it is in `places/from_record`.
"""
