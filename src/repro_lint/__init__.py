"""Reproducibility linting for data-science repositories and notebooks."""

__version__ = "0.1.0"
