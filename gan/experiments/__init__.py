"""Experiments: named suites of runs that settle a claim on this machine, and the evidence they leave."""
