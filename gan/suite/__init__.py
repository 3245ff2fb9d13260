"""Suites: many runs under one plan, and what they say together. Imports no torch.

`plan` is what a suite asks for, `ledger` where it stands on disk, `carry_out` does the work on one machine, `cluster`
on Ray, `results` computes what the runs say together, `report` puts it into words and files.
"""
