"""Reports opened in a real browser: `make test-browser`. The plain `make test` does not come here."""
