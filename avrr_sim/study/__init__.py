"""Studies: many runs of one or several scenarios, and what they say together."""
