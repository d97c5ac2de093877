"""How other tools and platforms reach repro-lint: one module for each, which nothing else imports."""
