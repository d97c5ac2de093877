"""The command that installs what a manifest declares, by the kind of the manifest."""

from __future__ import annotations

INSTALL_COMMANDS = {
    "pyproject": "pip install .",
    "poetry": "poetry install",
    "requirements": "pip install -r {path}",
    "conda": "conda env create -f {path}",
    "pipfile": "pipenv install",
    "pixi": "pixi install",
    "setup.py": "pip install .",
    "setup.cfg": "pip install .",
    "julia": "julia --project -e 'using Pkg; Pkg.instantiate()'",
}
