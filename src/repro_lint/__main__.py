"""``python -m repro_lint``."""

from repro_lint.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
