"""Shell text as people paste it into documents: lines to simple commands, prompts and wrappers taken off."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from repro_lint.lazy import dataclass, lazy_pattern

_PROMPT = lazy_pattern(
    r"(?:\(\s*[\w.:/@ -]+\)\s*)?"  # (env)
    r"(?:\[[^\]]*\]\s*)?"  # [user@host dir]
    r"(?:[\w.-]+@[\w.-]+:?[\w.~/-]*\s*)?(?:~|(?<=\s)[\w./~-]+|[\w-]+:)?"  # user@host:dir
    r"(?:[$❯➜]\s*(?=\S)|%\s+)"
    r"|(?:\([\w.-]+\)\s*)?(?:PS\s+)?[A-Za-z]:\\[^>]*>\s*|(?:\([\w.-]+\)\s*)?PS[^>]*>\s*"  # Windows
)
_WEAK_PROMPT = lazy_pattern(r"[>#]\s+(?=[\w./-])")
_ENVIRONMENT = lazy_pattern(r"\(\s*[\w.-]+\s*\)\s+(?=[a-z])")
_MARK = lazy_pattern(r"(?:[-*+•]\s+|\d+[.)]\s+)")
_MAGIC = lazy_pattern(r"(?:!+|%+)(?=[\w./])")
_COMMENT = lazy_pattern(r"(?:\s|^)#(?:\s.*|\Z)|(?<=\s)#.*")
_ASSIGNMENT = lazy_pattern(r"[A-Za-z_]\w*\+?=")
_SET = lazy_pattern(r"(?:export|set)\Z")
_HEREDOC = lazy_pattern(r"<<-?\s*[\"']?([A-Za-z_]\w*)")
_WINDOWS_PATH = lazy_pattern(r"(?<=[\w.)])\\(?=[\w.(])")
_PLACEHOLDER = lazy_pattern(r"(?<!<)<[\w./|-](?:[\w ./|-]*[\w./|-])?>")
_SPECIAL = lazy_pattern(r"""['"\\;&|<>()]""")
_WORDS = lazy_pattern(rf"&&|\|\||[;|]|(?:{_PLACEHOLDER.pattern}|[^\s;|&<]|&(?!&)|<)+")
_CONTINUED = lazy_pattern(r"(?:\\|(?<=\s)[`^])\Z")
_WORD = lazy_pattern(r"[\w./~$\"'%{@:<-]")
_BOX = lazy_pattern(r"[─-╿]|^\s*\|?\s*[|`+]--")
_PYTHON = lazy_pattern(r"(?:.*[/\\])?(?:pythonw?|ipython|pypy|py)(?:[23](?:\.\d+)*)?(?:\.exe)?\Z|\$\{?PYTHON\}?\Z")
_KEYWORDS = {"do", "then", "else", "{", "}", "!", "fi", "done", "if", "while", "until", "elif", "(", ")", "&"}

# Programs that run another one: their options that take a value, and how many words come before the command.
_PREFIXES: dict[str, tuple[frozenset[str], int]] = {
    "sudo": (frozenset({"-u", "-g"}), 0),
    "time": (frozenset({"-f", "-o"}), 0),
    "nohup": (frozenset(), 0),
    "exec": (frozenset(), 0),
    "command": (frozenset(), 0),
    "env": (frozenset({"-u"}), 0),
    "nice": (frozenset({"-n"}), 0),
    "stdbuf": (frozenset(), 0),
    "timeout": (frozenset({"-s", "-k"}), 1),
    "xvfb-run": (frozenset({"-s", "-n", "--server-args"}), 0),
    "caffeinate": (frozenset(), 0),
    "srun": (frozenset({"-n", "-N", "-c", "-p", "-t", "-J", "--partition", "--gres", "--ntasks", "--time"}), 0),
    "mpirun": (frozenset({"-n", "-np", "-c", "-N", "-H", "--hostfile", "-hostfile"}), 0),
    "mpiexec": (frozenset({"-n", "-np", "-c", "-N"}), 0),
}
_UV_VALUES = frozenset(
    [
        "--with",
        "--with-editable",
        "--with-requirements",
        "--python",
        "-p",
        "--extra",
        "--group",
        "--only-group",
        "--no-group",
        "--env-file",
        "--project",
        "--directory",
        "--package",
        "--index-url",
        "--index",
    ]
)
_RUNNERS: dict[str, frozenset[str]] = {
    "uv": _UV_VALUES,
    "poetry": frozenset({"-C", "--directory", "-P", "--project"}),
    "pipenv": frozenset(),
    "pixi": frozenset({"-e", "--environment", "--manifest-path"}),
    "hatch": frozenset({"-e", "--env"}),
    "pdm": frozenset({"-p", "--project"}),
    "rye": frozenset(),
    "conda": frozenset({"-n", "-p", "--name", "--prefix"}),
    "mamba": frozenset({"-n", "-p", "--name", "--prefix"}),
    "micromamba": frozenset({"-n", "-p", "--name", "--prefix"}),
}
# Programs that start Python programs: what follows their own options is a script or -m MODULE.
_LAUNCHERS = {
    ("torchrun",): "torchrun",
    ("accelerate", "launch"): "accelerate launch",
    ("deepspeed",): "deepspeed",
    ("horovodrun",): "horovodrun",
    ("coverage", "run"): "coverage run",
    ("kernprof",): "kernprof",
    ("fabric", "run"): "fabric run",
    ("lightning", "run", "model"): "lightning run model",
}
_LAUNCHER_MODULES = {
    "torch.distributed.launch",
    "torch.distributed.run",
    "accelerate.commands.launch",
    "cProfile",
    "pdb",
    "trace",
    "coverage",
    "kernprof",
    "scalene",
    "memory_profiler",
}


@dataclass(frozen=True)
class ShellCommand:
    """A simple command; ``outputs``: the files its output is redirected to, ``prompted``: it stood behind a prompt."""

    argv: tuple[str, ...]
    line: int
    text: str
    wrappers: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    prompted: bool = False


def is_python(program: str) -> bool:
    """Whether the word names a Python interpreter, by whatever version or path."""
    return bool(_PYTHON.match(program))


def simple_commands(text: str, line: int) -> Iterator[ShellCommand]:
    """The simple commands in some lines of shell text, the first of which is ``line``.

    Where lines have a ``$`` prompt, those without are output and give nothing.
    """
    lines = text.split("\n")
    prompted = [bool(_PROMPT.match(raw.strip())) for raw in lines]
    only_prompted = any(prompted)
    at = 0
    while at < len(lines):
        first, parts = at, [lines[at].strip()]
        while _CONTINUED.search(parts[-1]) and at + 1 < len(lines):
            parts[-1] = parts[-1][:-1].rstrip()
            at += 1
            parts.append(lines[at].strip().removeprefix("> "))
        at += 1
        parts[-1] = _CONTINUED.sub("", parts[-1])
        stripped = " ".join(parts).strip()
        if (only_prompted and not prompted[first]) or _BOX.search(stripped):
            continue
        command = strip_prompt(stripped)
        yield from _split(command, line + first, prompted[first])
        if heredoc := _HEREDOC.search(command):
            while at < len(lines) and lines[at].strip() != heredoc[1]:
                at += 1
            at += 1


def has_prompt(text: str) -> bool:
    """Whether the line begins with the prompt of a shell."""
    return bool(_PROMPT.match(text.strip()))


def strip_prompt(text: str) -> str:
    """The line without prompt, list mark, IPython's ``!`` and comment."""
    text = text.strip()
    for pattern in (_MARK, _PROMPT, _ENVIRONMENT, _WEAK_PROMPT, _MAGIC):
        if match := pattern.match(text):
            if pattern is _WEAK_PROMPT and text[0] == "#":
                return ""
            text = text[match.end() :].lstrip()
    return "" if text.startswith("#") else _COMMENT.sub("", text).strip()


def _split(text: str, line: int, prompted: bool) -> Iterator[ShellCommand]:
    if not text or not _WORD.match(text):
        return
    words: list[str] = []
    outputs: list[str] = []
    redirect = ""
    for token in [*_tokens(text), ";"]:
        if token and not set(token) - set(";&|()"):
            if words and (argv := _bare(words)):
                argv, wrappers = unwrap(argv)
                if argv:
                    yield ShellCommand(argv, line, text, wrappers, tuple(outputs), prompted)
            words, outputs, redirect = [], [], ""
        elif token and not set(token) - set("<>&"):
            redirect = token
            if words and words[-1] in ("1", "2"):
                words.pop()
        elif redirect:
            if ">" in redirect and token not in ("1", "2", "/dev/null"):
                outputs.append(token)
            redirect = ""
        else:
            words.append(token)


def _tokens(text: str) -> list[str]:
    text = _WINDOWS_PATH.sub("/", text)
    if "<" in text and _PLACEHOLDER.search(text):  # no redirection: the rules of the shell do not apply
        return _WORDS.findall(text)
    if text.isascii() and text.isprintable() and not _SPECIAL.search(text):
        return text.split()  # what the lexer gives for it, character by character
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|<>()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # an apostrophe in prose
        return text.split()


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    """The words without shell keywords and assignments in front."""
    at = 0
    while at < len(words) and (words[at] in _KEYWORDS or _ASSIGNMENT.match(words[at])):
        at += 1
    return tuple(words[at:])


def unwrap(argv: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The command that is meant to run, and what runs it: ``uv run --with x train.py`` is ``python train.py``."""
    wrappers: list[str] = []
    for _ in range(6):
        argv = _bare(argv)
        found = _unwrapped(argv)
        if found is None:
            break
        argv, wrapper = found
        wrappers.append(wrapper)
    return argv, tuple(wrappers)


def _unwrapped(argv: tuple[str, ...]) -> tuple[tuple[str, ...], str] | None:
    if len(argv) < 2:
        return None
    program = argv[0]
    if program in _PREFIXES:
        values, words = _PREFIXES[program]
        rest = _after_options(argv[1:], values)[words:]
        while rest and rest[0].isdigit():
            rest = rest[1:]
        return (rest, program) if rest else None
    if program in _RUNNERS and argv[1] == "run":
        rest = argv[2:]
        if program == "uv" and (module := _module_option(rest)):
            return module, "uv run"
        rest = _after_options(rest, _RUNNERS[program])
        if not rest:
            return None
        if rest[0].endswith(".py"):
            rest = ("python", *rest)
        return rest, f"{program} run"
    for words_, name in _LAUNCHERS.items():
        if argv[: len(words_)] == words_ and (started := _started(argv[len(words_) :])):
            return started, name
    if is_python(program) and len(argv) > 3 and argv[1] == "-m" and argv[2] in _LAUNCHER_MODULES:
        rest = argv[3:]
        if argv[2] == "coverage" and rest[0] == "run":
            rest = rest[1:]
        if started := _started(rest):
            return started, f"python -m {argv[2]}"
    return None


def _after_options(words: tuple[str, ...], with_value: frozenset[str]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] == "--":
            return words[at + 1 :]
        at += 2 if words[at] in with_value else 1
    return words[at:]


def _module_option(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] in ("-m", "--module"):
            return ("python", "-m", *words[at + 1 :])
        at += 2 if words[at] in _UV_VALUES else 1
    return ()


def _started(words: tuple[str, ...]) -> tuple[str, ...]:
    """The Python program that a launcher is given, whatever options come before it."""
    for at, word in enumerate(words):
        if word.endswith(".py") and not word.startswith("-"):
            return ("python", *words[at:])
        if word in ("-m", "--module") and at + 1 < len(words):
            return ("python", "-m", *words[at + 1 :])
    return ()
