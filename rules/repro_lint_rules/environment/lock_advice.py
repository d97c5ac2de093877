"""Which manifests need a lock, and how each gets one."""

from __future__ import annotations

from collections.abc import Sequence

from repro_lint.api import Environment, Manifest, Project, lazy_pattern

COMMANDS = {
    "pyproject": "run `uv lock` (or `pdm lock`, `pip lock`) and commit the file it writes",
    "poetry": "run `poetry lock` and commit poetry.lock",
    "requirements": (
        "keep what you ask for in requirements.in, run `uv pip compile requirements.in -o requirements.txt` (or "
        "pip-compile) and commit both"
    ),
    "conda": "run `conda-lock -f environment.yml` and commit conda-lock.yml, or `conda env export` what works for you",
    "pipfile": "run `pipenv lock` and commit Pipfile.lock",
    "pixi": "run `pixi lock` and commit pixi.lock",
    "setup.py": "run `uv pip compile setup.py -o requirements.lock` and commit requirements.lock",
    "setup.cfg": "run `uv pip compile setup.cfg -o requirements.lock` and commit requirements.lock",
    "r-description": "run `renv::init()` and `renv::snapshot()` in R, and commit renv.lock",
    "julia": "run `julia --project -e 'using Pkg; Pkg.resolve()'` and commit Manifest.toml",
}
NAMES = {
    "pyproject": ("uv.lock", "pdm.lock", "pylock.toml"),
    "poetry": ("poetry.lock",),
    "conda": ("conda-lock.yml",),
    "pipfile": ("Pipfile.lock",),
    "pixi": ("pixi.lock",),
    "julia": ("Manifest.toml",),
}
# Requirements that only those who develop, test or document the project install.
_SECONDARY_FILE = lazy_pattern(
    r"(?:^|[._-])(?:dev|develop|test|tests|testing|doc|docs|lint|ci|build|rtd|optional|extra|extras)(?:[._-]|$)"
)
_SECONDARY_DIRECTORY = {
    "doc",
    "docs",
    "test",
    "tests",
    "testing",
    "example",
    "examples",
    "ci",
    "tools",
    "scripts",
    "benchmark",
    "benchmarks",
    "docker",
    "website",
    "site",
    "tutorials",
    "notebooks",
    "demo",
    "demos",
    "template",
    "templates",
}
_PUBLISHES = lazy_pattern(
    rb"gh-action-pypi-publish|twine upload|poetry publish|flit publish|uv publish|hatch publish|pdm publish"
)


def main_manifests(manifests: Sequence[Manifest]) -> list[Manifest]:
    """The manifests of the project itself: the shallowest ones with requirements, development ones left out.

    If only development manifests exist, those; then what they list is all there is to install.
    """
    declaring = [m for m in manifests if m.declares]
    primary = [m for m in declaring if not _is_secondary(m.path)] or declaring
    if not primary:
        return []
    depth = min(m.path.count("/") for m in primary)
    return [m for m in primary if m.path.count("/") == depth]


def is_published(project: Project, manifests: Sequence[Manifest]) -> bool:
    """Whether the project is a library that others install: it says for whom, or its CI uploads it."""
    if any(manifest.library for manifest in manifests):
        return True
    root = [m for m in manifests if m.directory == "" and m.kind in ("setup.py", "setup.cfg", "pyproject", "poetry")]
    return bool(root) and any(
        _PUBLISHES.search(file.data)
        for path, file in project.files.items()
        if path.startswith(".github/workflows/") or path == ".gitlab-ci.yml"
    )


def is_locked(environment: Environment, manifests: Sequence[Manifest]) -> bool:
    """Whether a lock stands beside one of the manifests or at the root, or one of them is as good as a lock."""
    directories = {"", *(manifest.directory for manifest in manifests)}
    locked = any(home(lock.directory) in directories for lock in environment.locks)
    return locked or any(manifest.pinned for manifest in manifests)


def _is_secondary(path: str) -> bool:
    *directories, name = path.lower().split("/")
    return bool(_SECONDARY_FILE.search(name.rpartition(".")[0])) or bool(_SECONDARY_DIRECTORY & set(directories))


def home(directory: str) -> str:
    """The directory that a lock is for: the one above where it lies in a folder of requirement files."""
    above, _, name = directory.rpartition("/")
    kept_apart = {"requirements", "conda", "binder", "environment", "environments", "env", "envs", "deps", "locks"}
    if name.lower().lstrip(".") not in kept_apart:
        return directory
    return above.removesuffix("workflow").rstrip("/")  # that of Snakemake runs what stands beside it, too
