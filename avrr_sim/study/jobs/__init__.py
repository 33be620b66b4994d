"""What is run: the plan of a study, its jobs, what one job gives, and the executor that carries jobs out.

Nothing here knows of folders, tables or which kind of study asked.
"""
