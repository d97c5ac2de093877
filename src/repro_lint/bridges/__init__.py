"""Other linters, whose findings become diagnostics of ours."""
