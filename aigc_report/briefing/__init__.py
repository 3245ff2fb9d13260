"""Briefings: findings, figures and options for one audience in one language, with every number derivable again."""
