"""What declares a project's environment, and what locks it."""
