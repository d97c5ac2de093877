"""The house rules of a laboratory."""
