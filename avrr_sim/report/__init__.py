"""The offline report of a study: figures, their numbers, and one HTML page that loads nothing from anywhere."""
