"""What a command cannot do without: the files, directories, modules and tasks that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from repro_lint.api import dataclass, lazy_pattern

Kind = Literal[
    "script",
    "module",
    "notebook",
    "requirements file",
    "environment file",
    "tests",
    "configuration file",
    "document",
    "Dockerfile",
    "compose file",
    "directory",
]

_PYTHON = lazy_pattern(r"(?:.*[/\\])?(?:pythonw?|ipython|pypy|py)(?:[23](?:\.\d+)*)?(?:\.exe)?\Z|\$\{?PYTHON\}?\Z")
_PATH = lazy_pattern(r"[\w./@+ -]+\Z")
_LOCAL = lazy_pattern(r"\.{1,2}(?:/[\w./-]*)?(?:\[[\w,-]*\])?\Z|[\w.-]+/[\w./-]*(?:\[[\w,-]*\])?\Z")
_PIP_VALUES = ("-r", "-c", "-i", "-t", "-e", "-f", "--index-url", "--extra-index-url", "--find-links", "--target")
_APPLICATION = lazy_pattern(r"([A-Za-z_][\w.]*):[A-Za-z_]\w*(?:\(\))?\Z")
_SHELL_SCRIPT = lazy_pattern(r"\.(?:sh|bash|zsh|ksh)\Z")
_OTHER_SCRIPT = lazy_pattern(r"\.(?:[rR]|jl|pl|rb|do|nf)\Z")
_STARTED = lazy_pattern(r"\.{1,2}/[\w./-]+\.(?:sh|bash|py|bat|R|pl|jl|ps1)\Z")
_DOCKER_FLAGS = ("--no-cache", "--pull", "--rm", "-q")
_NOT_OURS = frozenset({"pip", "venv", "virtualenv", "ensurepip", "build", "http", "jupyter", "notebook", "IPython"})


@dataclass(frozen=True)
class Need:
    """Something a command names that has to be there; ``name`` is as written, without quotes."""

    kind: Kind
    name: str


def needs_of(argv: tuple[str, ...]) -> Iterator[Need]:
    """What the command, free of wrappers, needs of the tree it runs in. Tasks are not among it."""
    if not argv:
        return
    program, rest = argv[0], argv[1:]
    if _PYTHON.match(program):
        yield from _python(rest)
    elif reader := _READERS.get(program):
        yield from reader(rest)
    elif _STARTED.match(program):
        yield Need("script", program)


def _python(rest: tuple[str, ...]) -> Iterator[Need]:
    at = 0
    while at < len(rest) and rest[at].startswith("-"):
        if rest[at] == "-c":
            return
        if rest[at] == "-m":
            yield from _module(rest[at + 1 :])
            return
        at += 2 if rest[at] in ("-W", "-X") else 1
    if at < len(rest) and rest[at].endswith((".py", ".pyw")):
        yield Need("script", rest[at])


def _module(rest: tuple[str, ...]) -> Iterator[Need]:
    if not rest:
        return
    name, arguments = rest[0], rest[1:]
    if name == "pip":
        yield from _pip(arguments)
    elif name == "pytest":
        yield from _pytest(arguments)
    elif name == "unittest":
        for word in _words(arguments, "-s", "-p", "-t", "-k", "--start-directory", "--pattern"):
            if re.fullmatch(r"[A-Za-z_][\w.]*", word) and word != "discover":
                yield Need("module", word)
    elif name in ("streamlit", "uvicorn", "gunicorn", "papermill", "marimo"):
        yield from _READERS[name](arguments)
    elif re.fullmatch(r"[A-Za-z_][\w.]*\w|[A-Za-z_]", name) and name.partition(".")[0] not in _NOT_OURS:
        yield Need("module", name)


def _script(pattern: Callable[[str], object]) -> Callable[[tuple[str, ...]], Iterator[Need]]:
    def read(rest: tuple[str, ...]) -> Iterator[Need]:
        if {"-e", "-c", "--eval", "-E"} & set(rest):
            return
        word = next((word for word in rest if not word.startswith("-")), "")
        if pattern(word):
            yield Need("script", word)

    return read


def _r(rest: tuple[str, ...]) -> Iterator[Need]:
    if rest[:2] == ("CMD", "BATCH"):
        words = [word for word in rest[2:] if not word.startswith("-")]
    else:
        words = list(_options(rest, "-f", "--file"))
    for word in words[:1]:
        if word.lower().endswith(".r"):
            yield Need("script", word)


def _pip(rest: tuple[str, ...]) -> Iterator[Need]:
    if rest[:1] != ("install",):
        return
    for word in _options(rest, "-r", "--requirement", "-c", "--constraint"):
        yield Need("requirements file", word)
    local = [word for word in _words(rest[1:], *_PIP_VALUES) if word.startswith("./") or word.endswith("/")]
    for word in (*_options(rest, "-e", "--editable"), *local):
        path = word.partition("[")[0].rstrip("/")
        if _LOCAL.match(word) and path.strip("./"):
            yield Need("directory", path)


def _uv(rest: tuple[str, ...]) -> Iterator[Need]:
    if rest[:1] == ("pip",):
        yield from _pip(rest[1:])
        if rest[1:2] == ("sync",) and len(rest) > 2:
            yield Need("requirements file", rest[2])


def _conda(rest: tuple[str, ...]) -> Iterator[Need]:
    named = False
    for word in _options(rest, "-f", "--file"):
        named = True
        yield Need(
            "environment file" if rest[0] == "env" or word.endswith(("yml", "yaml")) else "requirements file", word
        )
    if rest[:2] == ("env", "create") and not named and not list(_words(rest[2:], "-n", "--name", "-p", "--prefix")):
        yield Need("environment file", "environment.yml")


def _notebook(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in rest:
        if word.endswith((".ipynb", ".Rmd", ".qmd")):
            yield Need("notebook", word)
            return


def _run_script(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in _words(rest[1:])[:1] if rest[:1] in (("run",), ("edit",)) else ():
        if word.endswith(".py"):
            yield Need("script", word)


def _pytest(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in _words(
        rest, "-k", "-m", "-n", "-p", "-c", "-o", "-W", "--cov", "--cov-report", "--rootdir", "--durations"
    ):
        path = word.partition("::")[0]
        if ("/" in path or path.endswith(".py")) and _PATH.match(path):
            yield Need("tests", path)


def _snakemake(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in _options(rest, "-s", "--snakefile"):
        yield Need("script", word)
    for word in _options(rest, "--configfile"):
        yield Need("configuration file", word)


def _docker(rest: tuple[str, ...]) -> Iterator[Need]:
    if rest[:1] == ("compose",):
        yield from _compose(rest[1:])
    elif rest[:1] == ("build",) or rest[:2] == ("buildx", "build"):
        files = list(_options(rest, "-f", "--file"))
        for word in files:
            yield Need("Dockerfile", word)
        context = rest[-1].rstrip("/")
        alone = len(rest) < 2 or not rest[-2].startswith("-") or "=" in rest[-2] or rest[-2] in _DOCKER_FLAGS
        if not files and alone and len(rest) > 1 and re.fullmatch(r"\.|(?:\./)?[\w.-]+(?:/[\w.-]+)*", context):
            yield Need("Dockerfile", "Dockerfile" if context == "." else f"{context}/Dockerfile")


def _compose(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in _options(rest, "-f", "--file"):
        yield Need("compose file", word)


def _application(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in rest[:1]:
        if match := _APPLICATION.match(word):
            yield Need("module", match[1])


def _first_script(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in _words(rest)[:1]:
        if word.endswith((".py", ".sh", ".sbatch", ".slurm", ".pbs")):
            yield Need("script", word)


def _quarto(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in rest[1:2]:
        if word.endswith((".qmd", ".ipynb", ".Rmd", ".rmd")):
            yield Need("notebook", word)


def _cd(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in rest[:1]:
        yield Need("directory", word)


def _source(rest: tuple[str, ...]) -> Iterator[Need]:
    for word in rest[:1]:
        if word.endswith((".sh", ".bash", ".zsh")):
            yield Need("script", word)


_READERS: dict[str, Callable[[tuple[str, ...]], Iterator[Need]]] = {
    "Rscript": _script(_OTHER_SCRIPT.search),
    "julia": _script(_OTHER_SCRIPT.search),
    "bash": _script(_SHELL_SCRIPT.search),
    "sh": _script(_SHELL_SCRIPT.search),
    "zsh": _script(_SHELL_SCRIPT.search),
    "perl": _script(_OTHER_SCRIPT.search),
    "R": _r,
    "source": _source,
    ".": _source,
    "pip": _pip,
    "pip3": _pip,
    "uv": _uv,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "jupyter": _notebook,
    "jupyter-lab": _notebook,
    "jupyter-notebook": _notebook,
    "jupyter-nbconvert": _notebook,
    "papermill": _notebook,
    "voila": _notebook,
    "quarto": _quarto,
    "streamlit": _run_script,
    "marimo": _run_script,
    "pytest": _pytest,
    "py.test": _pytest,
    "snakemake": _snakemake,
    "docker": _docker,
    "podman": _docker,
    "docker-compose": _compose,
    "uvicorn": _application,
    "gunicorn": _application,
    "sbatch": _first_script,
    "qsub": _first_script,
    "spark-submit": _first_script,
    "cd": _cd,
    "pushd": _cd,
}


def _options(rest: tuple[str, ...], *names: str) -> Iterator[str]:
    """The values of options, whether they stand apart, behind ``=``, or directly behind a short one."""
    for at, word in enumerate(rest):
        if word in names:
            if at + 1 < len(rest):
                yield rest[at + 1]
            continue
        for name in names:
            if name.startswith("--") and word.startswith(f"{name}="):
                yield word[len(name) + 1 :]
            elif len(name) == 2 and word.startswith(name) and re.match(r"[\w./]+\.\w+\Z", word[2:]):
                yield word[2:]


def _words(rest: tuple[str, ...], *with_value: str) -> list[str]:
    """The words that are neither options nor the values of those that take one."""
    found: list[str] = []
    skip = False
    for word in rest:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in with_value
        else:
            found.append(word)
    return found
