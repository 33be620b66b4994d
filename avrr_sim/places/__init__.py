"""Host countries and origins: dated series with their basis and source."""
