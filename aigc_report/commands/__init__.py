"""The commands of `aigc-report`, a module per group; `aigc_report.cli` gathers them.

A module imports what its command needs inside the command: `--help` of one never waits for the libraries of another.
"""
