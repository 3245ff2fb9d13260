"""The adoption of generative AI (AIGC), as data with sources, an index and a dashboard."""

__version__ = "0.1.0"
