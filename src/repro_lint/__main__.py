"""``python -m repro_lint``."""

import os
import sys

if __name__ == "__main__":
    # Python looks in the current directory first: a repository with a ``warnings.py`` would be run, not linted.
    here = os.path.realpath(os.curdir)
    sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != here]

from repro_lint.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
