"""The live look at a scenario: Mesa's page over the agents engine, where people are and how they leave, month
by month. An optional extra (`watch`), for people who work on the model; it is no result.
"""
