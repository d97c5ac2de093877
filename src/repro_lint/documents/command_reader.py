"""Finding the commands in the code and the prose of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from repro_lint.documents.blocks import CodeBlock, CodeKind, Heading, ProseLine
from repro_lint.documents.commands import Command, Purpose
from repro_lint.documents.programs import purpose
from repro_lint.documents.shell import ShellCommand, has_prompt, simple_commands, strip_prompt
from repro_lint.lazy import lazy_pattern

_SHELL = frozenset(
    [
        "bash",
        "sh",
        "shell",
        "console",
        "terminal",
        "zsh",
        "fish",
        "shell-session",
        "sh-session",
        "shellsession",
        "bashsession",
        "bat",
        "batch",
        "cmd",
        "dos",
        "powershell",
        "ps",
        "ps1",
        "pwsh",
        "text",
        "txt",
        "plain",
        "plaintext",
        "none",
        "commandline",
        "command-line",
        "command",
        "cli",
        "ksh",
        "csh",
        "tcsh",
        "term",
    ]
)
_PYTHON = frozenset(["python", "py", "python3", "ipython", "jupyter", "notebook", "pycon"])
_CALLING = frozenset(["r", "rscript", "s", "splus", "rmd", "julia", "jl", "matlab", "octave", "stata"])
_IN_PYTHON = lazy_pattern(r"\s*(?:[!%$]\s*\w|(?:python3?|pip3?|conda)\s+[\w./-])")
_CALL = lazy_pattern(
    r"(?<![\w.:])(?P<function>(?:[A-Za-z]\w*(?:::|\.))?[A-Za-z][\w.]*!?)\(\s*(?:[\"'](?P<argument>[^\"'\n]*)[\"'])?"
)
_CALLS: dict[str, Purpose] = {
    **dict.fromkeys(
        [
            "source",
            "render",
            "knit",
            "knit2html",
            "sys.source",
            "runApp",
            "run_app",
            "tar_make",
            "tar_make_future",
            "tar_make_clustermq",
            "r_make",
            "render_book",
            "render_site",
            "quarto_render",
            "quarto_preview",
            "include",
            "serve_site",
            "preview_site",
            "run_report",
        ],
        "run",
    ),
    **dict.fromkeys(
        [
            "install.packages",
            "install_github",
            "install_local",
            "install_deps",
            "install_gitlab",
            "install_bioc",
            "install_version",
            "install_git",
            "install",
            "restore",
            "pkg_install",
            "pak",
            "biocLite",
            "Pkg.add",
            "Pkg.instantiate",
            "add",
            "instantiate",
            "load_all",
        ],
        "install",
    ),
}
_WITHOUT_ARGUMENT = ("tar_", "r_make", "run")
_PACKAGES_OF = {  # where a bare name says too little
    "add": {"Pkg"},
    "instantiate": {"Pkg"},
    "restore": {"renv", "packrat"},
    "install": {"renv", "devtools", "BiocManager", "remotes", "pak"},
    "pak": {"pak", ""},
    "render": {"rmarkdown", "quarto", ""},
}
_PKG = lazy_pattern(r"\s*(?:pkg>|\]\s*(?=add|activate|instantiate))\s*(?P<words>\S.*)")
_STATA_DO = lazy_pattern(r"\s*\.?\s*do\s+(?P<file>[\"'\w./\\-]+)\s*\Z")
# What in running prose is a command without doubt.
_BARE = lazy_pattern(
    r"(?:sudo\s+)?(?:"
    r"(?:python|python[23](?:\.\d+)?|py|ipython)\s+(?:-\w+\s+)*[\w./\\-]+\.py\b"
    r"|(?:python|python[23](?:\.\d+)?)\s+-m\s+[\w.]+"
    r"|Rscript\s+(?:--?\S+\s+)*[\w./\\-]+\.[Rr]\b|julia\s+(?:--?\S+\s+)*[\w./\\-]+\.jl\b"
    r"|(?:bash|sh|zsh|source|\.)\s+[\w./-]+\.sh\b|\./[\w./-]+\.(?:sh|py|bash)(?=\s|$)"
    r"|(?:pip3?|conda|mamba)\s+(?:install|env\s+create|create|env\s+update)\s+\S"
    r"|jupyter[ -](?:notebook|lab|execute|nbconvert)\s+(?:--?\S+\s+)*\S+\.ipynb"
    r"|streamlit\s+run\s+\S|snakemake\s+-\S|dvc\s+(?:repro|exp\s+run)\b|papermill\s+\S+\.ipynb"
    r"|git\s+clone\s+\S+[:/]\S+|uv\s+(?:run|sync|pip)\b|poetry\s+(?:install|run)\b"
    r"|docker(?:\s+compose|-compose)?\s+(?:build|run|up|pull|exec)\b|uvicorn\s+\w+:\w+|conda\s+activate\s+\S"
    r")"
)

_QUOTED = lazy_pattern(r"[\"“]([^\"“”\n]{4,200})[\"”]")


def read_commands(code: Iterable[CodeBlock], prose: Iterable[ProseLine]) -> tuple[Command, ...]:
    """The commands in code and prose, in the order of their lines."""
    found: list[Command] = []
    for block in code:
        found += _in_code(block)
    for line in prose:
        found += _in_prose(line)
    return tuple(sorted(found, key=lambda command: command.line))


def _in_code(block: CodeBlock) -> Iterator[Command]:
    language = block.language
    untagged = not language
    if language in _SHELL or untagged:
        yield from _shell(block, certain=not untagged or block.kind == "fence")
    elif language in _PYTHON:
        for number, line in enumerate(block.text.split("\n")):
            if _IN_PYTHON.match(line):
                for command in simple_commands(line, block.line + number):
                    yield _command(command, block.kind, block.section)
    if untagged or language in _CALLING:
        yield from _calls(block)


def _shell(block: CodeBlock, certain: bool) -> Iterator[Command]:
    commands = [c for c in simple_commands(block.text, block.line) if not _CALL.match(c.text)]
    for command in commands:
        kind = purpose(command.argv)
        plain = kind == "other" and not command.prompted
        if block.kind == "inline" and len(command.argv) == 1 and not _stands_alone(command):
            continue
        if plain and not block.language and not re.match(r"[A-Za-z][\w.-]*\Z", command.argv[0]):
            continue  # data, a tree of files, an equation
        yield _command(command, block.kind, block.section, certain=certain or kind != "other")


def _stands_alone(command: ShellCommand) -> bool:
    """Whether a single word in a sentence is a command rather than the name of something."""
    word = command.argv[0]
    starts = word.startswith("./") and word.endswith((".sh", ".bash", ".bat"))
    return command.prompted or bool(command.wrappers) or starts or word in _LONE


_LONE = {"jupyter-notebook", "jupyter-lab", "snakemake", "tox", "nox", "pytest", "make", "nbdev_test"}


def _calls(block: CodeBlock) -> Iterator[Command]:
    """The calls of R and Julia that run or install something, and Stata's ``do``."""
    for number, line in enumerate(block.text.split("\n")):
        at = block.line + number
        if match := _PKG.match(line):
            words = tuple(match["words"].split())
            yield Command(("Pkg", *words), at, line.strip(), "install", block.kind, block.section, language="julia")
            continue
        if (match := _STATA_DO.match(line)) and match["file"].strip("\"'").endswith(".do"):
            argv = ("do", match["file"].strip("\"'"))
            yield Command(argv, at, line.strip(), "run", block.kind, block.section, language="stata")
            continue
        if line.lstrip().startswith(("#", "%", "//", "!")):
            continue
        for match in _CALL.finditer(line):
            package, _, name = match["function"].replace("::", "\0").rpartition("\0")
            dotted, _, last = name.rpartition(".")
            if dotted == "Pkg":
                package, name = dotted, last
            kind = _CALLS.get(name)
            if kind is None or package not in _PACKAGES_OF.get(name, {package}):
                continue
            alone = bool(package) and name not in ("source", "include")
            if kind == "run" and match["argument"] is None and not alone and not name.startswith(_WITHOUT_ARGUMENT):
                continue
            words = (match["function"],) if match["argument"] is None else (match["function"], match["argument"])
            language = "julia" if package == "Pkg" or name == "include" or block.language in ("julia", "jl") else "r"
            yield Command(words, at, line.strip(), kind, block.kind, block.section, language=language)


def _in_prose(line: ProseLine) -> Iterator[Command]:
    text = strip_prompt(line.text)
    if _BARE.match(text) or (has_prompt(line.text) and re.match(r"[a-z./]", text)):
        for command in simple_commands(line.text, line.line):
            if command.argv and (purpose(command.argv) != "other" or command.prompted):
                argv = _until_prose(command.argv)
                yield _command(command, "prose", line.section, argv=argv, certain=command.prompted)
        return
    for quoted in _QUOTED.finditer(line.text):
        if _BARE.match(quoted[1]):
            for command in simple_commands(quoted[1], line.line):
                yield _command(command, "prose", line.section)


def _until_prose(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The words up to where the sentence goes on: ``python train.py to train the model``."""
    for at, word in enumerate(argv[1:], 1):
        if word.lower() in (
            "to",
            "and",
            "which",
            "that",
            "in",
            "for",
            "with",
            "from",
            "on",
            "or",
            "then",
            "will",
            "-",
            "–",
        ):
            return argv[:at]
    return argv


def _command(
    command: ShellCommand,
    source: CodeKind | Literal["prose"],
    section: Heading | None,
    argv: tuple[str, ...] = (),
    certain: bool = True,
) -> Command:
    argv = argv or command.argv
    return Command(
        argv,
        command.line,
        command.text,
        purpose(argv),
        source,
        section,
        command.wrappers,
        command.outputs,
        certain=certain,
    )
