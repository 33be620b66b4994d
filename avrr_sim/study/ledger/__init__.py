"""The ledger of forecasts: `predict` freezes one in a dated file, `score` says later how it did."""
