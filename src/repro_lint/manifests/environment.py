"""The environment a project declares: its manifests and locks, found once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.facts import ProjectFact
from repro_lint.files import is_template
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.manifests.conda import parse_conda
from repro_lint.manifests.model import Lock, Manifest
from repro_lint.manifests.pyproject import parse_pyproject
from repro_lint.manifests.requirements import is_compiled, read_requirements
from repro_lint.manifests.scripts import ScriptMetadata
from repro_lint.manifests.setup import parse_settings_ini, parse_setup_cfg, parse_setup_py
from repro_lint.manifests.tables import parse_pipfile, parse_pixi
from repro_lint.project import Project

_LOCKS = {
    "uv.lock": "uv",
    "poetry.lock": "Poetry",
    "pdm.lock": "PDM",
    "Pipfile.lock": "Pipenv",
    "pixi.lock": "pixi",
    "renv.lock": "renv",
    "packrat.lock": "packrat",
    "Manifest.toml": "Julia",
    "flake.lock": "Nix",
    "conda-linux-64.lock": "conda-lock",
}
_LOCK_PATTERNS = (
    (re.compile(r"(?:.*[.-])?conda-lock\.ya?ml|conda-\w+-\w+\.lock"), "conda-lock"),
    (re.compile(r"[\w.-]+\.(?:linux|osx|win)-\w+\.pin\.txt"), "Snakemake"),
    (re.compile(r"pylock(?:\.[^.]+)?\.toml"), "PEP 751"),  # https://peps.python.org/pep-0751/
    (re.compile(r"Manifest-v[\d.]+\.toml|JuliaManifest\.toml"), "Julia"),
    (re.compile(r"requirements[\w.-]*\.lock|.*\.lock\.txt|requirements[._-]lock.*\.txt"), "pip"),
)
_REQUIREMENTS = lazy_pattern(
    r"[\w.-]*require?ments?[\w.-]*\.(?:txt|in|pip)|(?:[\w.-]*[_.-])?reqs?(?:[_.-][\w.-]*)?\.(?:txt|in|pip)"
    r"|.*freeze[\w.-]*\.(?:txt|pip)",
    re.I,
)
_CONDA = lazy_pattern(
    r"(?:conda[_-]?)?env(?:ironment)?[\w.-]*\.ya?ml|conda\.ya?ml|.*[_.-]env(?:ironment)?\.ya?ml", re.I
)


@dataclass(frozen=True)
class Environment(ProjectFact):
    """Every manifest and lock of the project, sorted by depth and path."""

    manifests: tuple[Manifest, ...]
    locks: tuple[Lock, ...]
    constraints: tuple[Manifest, ...] = ()
    """The files that requirements are constrained by with ``-c``; they install nothing themselves."""
    scripts: tuple[Manifest, ...] = ()
    """What single scripts declare for themselves (PEP 723)."""

    @classmethod
    def compute(cls, project: Project) -> Environment:
        """Read all manifests; the content of locks is left for the rules that need it."""
        manifests: list[Manifest] = []
        locks: list[Lock] = []
        for path in project.files:
            name = path.rpartition("/")[2]
            if is_template(path) or (name.endswith(".py") and name != "setup.py"):
                continue
            if tool := lock_tool(name):
                locks.append(Lock(path, tool))
                continue
            for manifest in _read(project, path):
                compiled = manifest.kind == "requirements" and manifest.pinned and _is_compiled(project, path)
                if compiled:
                    locks.append(Lock(path, "pip-compile"))
                manifests.append(manifest)
        constraints = _follow(project, manifests)
        scripts = [found for path, found in project.file_facts(ScriptMetadata).items() if not is_template(path)]
        return cls(
            tuple(sorted(manifests, key=_depth)),
            tuple(sorted(locks, key=_depth)),
            tuple(sorted(constraints, key=_depth)),
            tuple(sorted(scripts, key=_depth)),
        )


def _follow(project: Project, manifests: list[Manifest]) -> list[Manifest]:
    """Add the files that manifests include to them, whatever they are called; return those that only constrain."""
    constraints: list[Manifest] = []
    known = {manifest.path for manifest in manifests}
    for manifest in manifests:  # grows as files are found
        for directive in manifest.directives:
            if directive.kind not in ("requirements", "constraints") or directive.value in known:
                continue
            if directive.value not in project.files or lock_tool(directive.value.rpartition("/")[2]):
                continue
            known.add(directive.value)
            try:
                found = read_requirements(directive.value, project.files[directive.value].data)
            except OSError:  # unreadable files are reported by the engine
                continue
            (manifests if directive.kind == "requirements" else constraints).append(found)
    return constraints


def lock_tool(name: str) -> str | None:
    """The tool that writes lock files of this name, or None."""
    return _LOCKS.get(name) or next((tool for pattern, tool in _LOCK_PATTERNS if pattern.fullmatch(name)), None)


def _is_of_environments(directory: str) -> bool:
    """Whether the directory is for environments of conda, one for each step, as workflows of Snakemake have it.

    The layout: https://snakemake.readthedocs.io/en/stable/snakefiles/deployment.html
    """
    return directory.rpartition("/")[2] in ("envs", "conda_envs")


def _depth(item: Manifest | Lock) -> tuple[int, str]:
    return item.path.count("/"), item.path


def _is_compiled(project: Project, path: str) -> bool:
    return path.removesuffix(".txt") + ".in" in project.files or is_compiled(project.files[path].data)


def _read(project: Project, path: str) -> Iterator[Manifest]:
    """The manifest in the file, if its name is that of one and its content agrees."""
    directory, _, name = path.rpartition("/")
    in_requirements = directory.rpartition("/")[2].lstrip(".") == "requirements" and name.endswith((".txt", ".in"))
    try:
        manifest: Manifest | None = None
        if name == "pyproject.toml":
            manifest = parse_pyproject(path, project.files[path].data)
        elif name == "Pipfile":
            manifest = parse_pipfile(path, project.files[path].data)
        elif name == "pixi.toml":
            manifest = parse_pixi(path, project.files[path].data)
        elif name == "setup.py":
            manifest = parse_setup_py(path, project.files[path].data)
        elif name == "setup.cfg":
            manifest = parse_setup_cfg(path, project.files[path].data)
        elif name == "settings.ini":
            manifest = parse_settings_ini(path, project.files[path].data)
        elif in_requirements or _REQUIREMENTS.fullmatch(name):
            manifest = read_requirements(path, project.files[path].data)
        elif _CONDA.fullmatch(name) or (name.endswith((".yaml", ".yml")) and _is_of_environments(directory)):
            manifest = parse_conda(path, project.files[path].data)
        elif name == "DESCRIPTION" and b"\nImports:" in project.files[path].data:
            manifest = Manifest(path, "r-description", library=True)
        elif name in ("Project.toml", "JuliaProject.toml"):
            manifest = Manifest(path, "julia")
    except OSError:  # unreadable files are reported by the engine
        return
    if manifest is not None:
        yield manifest
