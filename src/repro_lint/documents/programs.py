"""What well-known programs are for: to install, to run, to clone, to change the directory, or something else."""

from __future__ import annotations

import re

from repro_lint.documents.commands import Purpose
from repro_lint.documents.shell import is_python
from repro_lint.lazy import lazy_pattern

# The sub-commands that install (or make an environment), by program. An empty set: whatever the arguments.
_INSTALL: dict[str, frozenset[str]] = {
    "pip": frozenset({"install", "download", "wheel"}),
    "pip3": frozenset({"install", "download", "wheel"}),
    "pip2": frozenset({"install"}),
    "pip-sync": frozenset(),
    "conda": frozenset({"install", "create", "env", "update"}),
    "mamba": frozenset({"install", "create", "env", "update"}),
    "micromamba": frozenset({"install", "create", "env", "update"}),
    "conda-lock": frozenset({"install"}),
    "poetry": frozenset({"install", "sync", "add", "env"}),
    "uv": frozenset({"sync", "pip", "venv", "add", "tool", "python"}),
    "pipenv": frozenset({"install", "sync", "shell"}),
    "pdm": frozenset({"install", "sync", "add"}),
    "pixi": frozenset({"install", "add", "shell"}),
    "rye": frozenset({"sync", "add", "fetch"}),
    "hatch": frozenset({"env", "shell"}),
    "pipx": frozenset({"install", "inject"}),
    "virtualenv": frozenset(),
    "venv": frozenset(),
    "mkvirtualenv": frozenset(),
    "pyenv": frozenset({"install", "virtualenv", "local"}),
    "easy_install": frozenset(),
    "apt": frozenset({"install", "update", "build-dep"}),
    "apt-get": frozenset({"install", "update", "build-dep"}),
    "yum": frozenset({"install"}),
    "dnf": frozenset({"install"}),
    "pacman": frozenset(),
    "apk": frozenset({"add"}),
    "brew": frozenset({"install", "tap", "bundle"}),
    "port": frozenset({"install"}),
    "choco": frozenset({"install"}),
    "winget": frozenset({"install"}),
    "scoop": frozenset({"install"}),
    "snap": frozenset({"install"}),
    "npm": frozenset({"install", "i", "ci"}),
    "yarn": frozenset({"install", "add"}),
    "pnpm": frozenset({"install", "i", "add"}),
    "cargo": frozenset({"install", "build"}),
    "go": frozenset({"get", "install", "build"}),
    "gem": frozenset({"install"}),
    "bundle": frozenset({"install"}),
    "guix": frozenset({"install", "shell", "environment", "time-machine", "package"}),
    "nix": frozenset({"develop", "build", "profile", "shell"}),
    "nix-shell": frozenset(),
    "nix-env": frozenset(),
    "devbox": frozenset({"install", "shell"}),
    "module": frozenset({"load"}),
    "docker": frozenset({"build", "pull", "buildx"}),
    "podman": frozenset({"build", "pull"}),
    "docker-compose": frozenset({"build", "pull"}),
    "singularity": frozenset({"build", "pull"}),
    "apptainer": frozenset({"build", "pull"}),
    "cmake": frozenset(),
    "repo2docker": frozenset(),
    "jupyter-repo2docker": frozenset(),
}
# The sub-commands that run something of the project, by program. An empty set: whatever the arguments.
_RUN: dict[str, frozenset[str]] = {
    "Rscript": frozenset(),
    "jupyter-lab": frozenset(),
    "jupyter-notebook": frozenset(),
    "jupyter-nbconvert": frozenset(),
    "papermill": frozenset(),
    "voila": frozenset(),
    "runipy": frozenset(),
    "nbdev_test": frozenset(),
    "nbdev_preview": frozenset(),
    "make": frozenset(),
    "just": frozenset(),
    "task": frozenset(),
    "invoke": frozenset(),
    "inv": frozenset(),
    "doit": frozenset(),
    "snakemake": frozenset(),
    "nextflow": frozenset({"run"}),
    "cwltool": frozenset(),
    "cwl-runner": frozenset(),
    "toil": frozenset(),
    "dvc": frozenset({"repro", "exp", "reproduce", "run"}),
    "kedro": frozenset({"run", "viz", "jupyter", "ipython"}),
    "mlflow": frozenset({"run"}),
    "guild": frozenset({"run"}),
    "metaflow": frozenset(),
    "prefect": frozenset({"run", "deploy", "deployment", "server"}),
    "dagster": frozenset({"dev", "job", "asset"}),
    "airflow": frozenset(),
    "luigi": frozenset(),
    "wandb": frozenset({"sweep", "agent", "launch"}),
    "ray": frozenset({"job", "submit"}),
    "modal": frozenset({"run", "deploy", "serve"}),
    "streamlit": frozenset({"run"}),
    "gradio": frozenset(),
    "panel": frozenset({"serve"}),
    "bokeh": frozenset({"serve"}),
    "marimo": frozenset({"edit", "run"}),
    "solara": frozenset({"run"}),
    "flask": frozenset({"run"}),
    "uvicorn": frozenset(),
    "gunicorn": frozenset(),
    "hypercorn": frozenset(),
    "waitress-serve": frozenset(),
    "fastapi": frozenset({"run", "dev"}),
    "celery": frozenset(),
    "scrapy": frozenset({"crawl", "runspider"}),
    "django-admin": frozenset(),
    "pytest": frozenset(),
    "py.test": frozenset(),
    "nosetests": frozenset(),
    "tox": frozenset(),
    "nox": frozenset(),
    "quarto": frozenset({"render", "preview", "run"}),
    "docker": frozenset({"run", "exec", "start", "compose"}),
    "podman": frozenset({"run", "exec", "start"}),
    "docker-compose": frozenset({"up", "run", "exec", "start"}),
    "nvidia-docker": frozenset({"run"}),
    "singularity": frozenset({"run", "exec", "shell"}),
    "apptainer": frozenset({"run", "exec", "shell"}),
    "sbatch": frozenset(),
    "qsub": frozenset(),
    "bsub": frozenset(),
    "condor_submit": frozenset(),
    "matlab": frozenset(),
    "octave": frozenset(),
    "stata": frozenset(),
    "stata-mp": frozenset(),
    "spark-submit": frozenset(),
    "hadoop": frozenset({"jar"}),
    "java": frozenset(),
    "node": frozenset(),
    "npm": frozenset({"start", "run", "test"}),
    "npx": frozenset(),
    "yarn": frozenset({"start", "run", "test", "dev"}),
    "pnpm": frozenset({"start", "run", "test", "dev"}),
    "cargo": frozenset({"run", "test"}),
    "go": frozenset({"run", "test"}),
    "perl": frozenset(),
    "ruby": frozenset(),
    "sos": frozenset({"run"}),
    "showyourwork": frozenset(),
    "ploomber": frozenset({"build"}),
    "lightning": frozenset({"run"}),
    "uvx": frozenset(),
    "floyd": frozenset({"run"}),
    "gcloud": frozenset({"ml-engine", "ai-platform"}),
}
_INSTALL_MODULES = frozenset(
    [
        "pip",
        "venv",
        "virtualenv",
        "ensurepip",
        "ipykernel",
        "nltk.downloader",
        "build",
        "piptools",
        "spacy",
        "nbstripout",
        "pre_commit",
    ]
)
_LOOKS_ON = frozenset({"http.server", "SimpleHTTPServer", "json.tool", "site", "platform", "tensorboard.main"})
_SCRIPT = lazy_pattern(r"\.(?:py|pyw|sh|bash|zsh|R|r|jl|pl|bat|ps1|cmd|rb|do|m)\Z")
_SETS_UP = lazy_pattern(
    r"(?:^|[/_.-])(?:install\w*|set_?up|bootstrap|configure|requirements|deps|dependencies|env|environment|venv|init|mini(?:conda|forge)\S*"
    r"|anaconda\S*|create[_-]env\w*)(?:$|[/_.-])",
    re.I,
)
_JUPYTER_TOOLS = frozenset({"nbextension", "labextension", "serverextension", "kernelspec", "contrib", "server"})
_R_INSTALLS = lazy_pattern(r"install|renv::(?:restore|init)|biocLite|packrat")
_ACTIVATES = lazy_pattern(r"(?:^|/)activate(?:\.\w+)?\Z|rc\Z|\.env\Z")
_VERSION = lazy_pattern(r"[<>=~]*\d[\d.x]*\+?\Z")
_SILENT_OPTIONS = frozenset({"--version", "-V", "-v", "--help", "-h"})


def purpose(argv: tuple[str, ...]) -> Purpose:
    """What a command, free of wrappers, is for."""
    if not argv:
        return "other"
    program, rest = argv[0], argv[1:]
    words = [word for word in rest if not word.startswith("-")]
    first = words[0] if words else ""
    if rest and set(rest) <= _SILENT_OPTIONS:
        return "other"
    if program in ("cd", "pushd", "chdir", "Set-Location"):
        return "cd"
    if (program in ("git", "hg") and first == "clone") or (program, words[:2]) == ("gh", ["repo", "clone"]):
        return "clone"
    if is_python(program):
        return _python(rest)
    special = _SPECIAL.get(program)
    if special is not None:
        return special(rest, words)
    if program in _INSTALL and (not _INSTALL[program] or first in _INSTALL[program]):
        return "install"
    if program in ("docker", "docker-compose") and words[:1] == ["compose"] and words[1:2] != ["up"]:
        return (
            "install"
            if words[1:2] in (["build"], ["pull"])
            else "run"
            if words[1:2] in (["run"], ["exec"])
            else "other"
        )
    if program in _RUN and (not _RUN[program] or first in _RUN[program]):
        return "run"
    if _is_executable(program, rest):
        return "install" if _SETS_UP.search(program.rpartition("/")[2]) else "run"
    return "other"


def _is_executable(program: str, rest: tuple[str, ...]) -> bool:
    """Whether the word is a path to start; a script's bare name needs arguments, since lists of files are common."""
    name = program.rpartition("/")[2]
    if program.startswith(("./", "../")):
        return bool(name) and ("." not in name or bool(_SCRIPT.search(name)))
    if not _SCRIPT.search(name) or program.startswith("-"):
        return False
    return name.endswith((".bat", ".cmd", ".ps1")) or bool(rest)


def _python(rest: tuple[str, ...]) -> Purpose:
    at = 0
    while at < len(rest) and rest[at].startswith("-"):
        if rest[at] == "-m":
            module = rest[at + 1] if at + 1 < len(rest) else ""
            if module.partition(".")[0] in ("pip", "pre_commit") or module in _INSTALL_MODULES:
                return "install"
            if module in ("jupyter", "IPython", "notebook"):
                return _jupyter(rest[at + 2 :], [w for w in rest[at + 2 :] if not w.startswith("-")])
            return "other" if module in _LOOKS_ON or not module else "run"
        if rest[at] == "-c":
            return "other"
        at += 2 if rest[at] in ("-W", "-X") else 1
    if at >= len(rest):
        return "other"
    script, arguments = rest[at], rest[at + 1 :]
    if script in ("notebook", "qtconsole"):  # ipython notebook, as it was before Jupyter
        return "run"
    if script.rpartition("/")[2] == "setup.py":
        commands = {"install", "develop", "build_ext", "build", "sdist", "bdist_wheel", "cleanall"}
        return "install" if not arguments or commands & set(arguments) else "run"
    if (
        not re.search(r"[\w>})/]\Z", script)
        or not re.match(r"[A-Za-z_./\\~$<{*\[]|\d+\D", script)
        or _VERSION.match(script)
    ):
        return "other"
    if not re.search(r"\.pyw?\Z|/|[<>{}$*\[\]]", script) and not arguments and not re.search(r"\.\w+\Z", script):
        return "other" if script.islower() and len(script) > 1 else "run"  # "python version"
    return "install" if re.search(r"(?:^|/)(?:install\w*|get-pip)\.py\Z", script) else "run"


def _jupyter(rest: tuple[str, ...], words: list[str]) -> Purpose:
    first = words[0] if words else ""
    if first in _JUPYTER_TOOLS:
        return "other" if first in ("server",) else "install"
    return "other" if first in ("--version", "trust", "--paths") else "run"


def _r(rest: tuple[str, ...], words: list[str]) -> Purpose:
    if words[:1] == ["CMD"]:
        return "install" if words[1:2] in (["INSTALL"], ["build"]) else "run" if words[1:2] == ["BATCH"] else "other"
    if not rest:
        return "other"
    joined = " ".join(rest)
    if "-e" in rest or "--eval" in rest:
        return "install" if _R_INSTALLS.search(joined) else "run"
    named = words[0] if words else ""
    if _SCRIPT.search(named):
        return "install" if _SETS_UP.search(named) else "run"
    return "run" if {"-f", "--file"} & set(rest) else "other"


def _julia(rest: tuple[str, ...], words: list[str]) -> Purpose:
    if "-e" in rest or "-E" in rest:
        return "install" if "Pkg." in " ".join(rest) else "run"
    return "run" if any(word.endswith(".jl") for word in words) else "other"


def _shell(rest: tuple[str, ...], words: list[str]) -> Purpose:
    if not words or "-c" in rest:
        return "run" if "-c" in rest else "other"
    return "install" if _SETS_UP.search(words[0].rpartition("/")[2]) else "run"


def _source(rest: tuple[str, ...], words: list[str]) -> Purpose:
    if not words or _ACTIVATES.search(words[0]) or not words[0].endswith((".sh", ".bash", ".zsh")):
        return "other"
    return _shell(rest, words)


def _make(rest: tuple[str, ...], words: list[str]) -> Purpose:
    targets = [word for word in words if "=" not in word]
    if any(word in ("sure", "use", "it", "a", "the", "sense") for word in targets):
        return "other"  # the verb
    if targets and all(_SETS_UP.search(word) or word in ("clean", "help", "lint", "format") for word in targets):
        return "install" if any(_SETS_UP.search(word) for word in targets) else "other"
    return "run"


def _conda(rest: tuple[str, ...], words: list[str]) -> Purpose:
    if words[:1] == ["env"]:
        return "install" if words[1:2] in (["create"], ["update"]) else "other"
    return "install" if words[:1] in (["install"], ["create"], ["update"]) else "other"


def _java(rest: tuple[str, ...], words: list[str]) -> Purpose:
    return "run" if words else "other"


_SPECIAL = {
    "jupyter": _jupyter,
    "R": _r,
    "Rscript": _r,
    "julia": _julia,
    "bash": _shell,
    "sh": _shell,
    "zsh": _shell,
    "source": _source,
    ".": _source,
    "make": _make,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "java": _java,
    "node": _java,
    "perl": _java,
    "ruby": _java,
}


def script_of(argv: tuple[str, ...]) -> str | None:
    """The script that a command runs: ``train.py`` in ``python -u train.py --fast``, or None."""
    if not argv:
        return None
    program, rest = argv[0], argv[1:]
    if is_python(program):
        at = 0
        while at < len(rest) and rest[at].startswith("-"):
            if rest[at] in ("-m", "-c"):
                return None
            at += 2 if rest[at] in ("-W", "-X") else 1
        return rest[at] if at < len(rest) else None
    if program in ("Rscript", "julia", "bash", "sh", "zsh", "source", "."):
        return next((word for word in rest if not word.startswith("-")), None)
    return program if re.search(r"\.(?:py|sh|R|jl|bat|ps1|pl)\Z", program) else None
