"""The claims ledger: statements of the founding document with tests declared before they ran, and their verdicts."""
