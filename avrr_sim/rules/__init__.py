"""The rule book: scalar functions about one migrant, the same for both engines."""
