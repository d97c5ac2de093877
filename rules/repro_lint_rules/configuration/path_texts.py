"""Texts that can be paths in configuration files, and in scripts of the shell, of R and of other languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from repro_lint.api import dataclass, lazy_pattern


@dataclass(frozen=True)
class TextValue:
    """A value as the file's language reads it; ``text[start:end]`` is how it is written. ``name`` is its key."""

    value: str
    start: int
    end: int
    name: str | None = None
    command: bool = False


Scanner = Callable[[str], Iterator[TextValue]]

_DOUBLE = r'"(?:[^"\\\n]|\\.)*"'
_SINGLE = r"'(?:[^'\\\n]|\\.)*'"
_KEY = lazy_pattern(r"""([\w.$\[\]-]+|"[^"\n]+"|`[^`\n]+`)\s*(?:<<?-|=|:)\s*(?:[\w.:]+\(\s*)*$""")
_OPERAND = lazy_pattern(
    r"(?:==|!=|%in%|\b(?:startsWith|endsWith|startswith|endswith|replace|gsub|sub|grepl?|regexpr|str_\w+|strsplit|split|strip)\s*\([^()\"']*)\s*$"
)
_TALK = lazy_pattern(r"\b(?:print|cat|message|stop|warning|library|require|echo|console\.log|log|info)\s*\(?[^()\n]*$")

_HASH = lazy_pattern(rf"#[^\n]*|({_DOUBLE}|{_SINGLE})")
_PYTHON = lazy_pattern(rf"#[^\n]*|\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|({_DOUBLE}|{_SINGLE})", re.S)
_TOML = lazy_pattern(rf"#[^\n]*|\"\"\".*?\"\"\"|'''.*?'''|({_DOUBLE}|'[^'\n]*')", re.S)
_JSON = lazy_pattern(rf"//[^\n]*|/\*.*?\*/|({_DOUBLE})(\s*:)?", re.S)
_INI = lazy_pattern(
    r"^[ \t]*(?:export[ \t]+)?(?P<key>[\w.\-/]+)[ \t]*[=:][ \t]*"
    r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"'#;][^\n]*?)[ \t]*(?:[ \t][#;][^\n]*)?\r?$""",
    re.M,
)
_YAML = lazy_pattern(
    r"""^[ \t]*(?:-[ \t]+)*(?:(?P<key>[\w.\-/ ]+?|"[^"\n]+"|'[^'\n]+')[ \t]*:[ \t]+)?(?:[&!][\w./-]+[ \t]+)*"""
    r"""(?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\[[^\n]*|\{[^\n]*|[^\s#"'\[{][^\n]*?)[ \t]*(?:[ \t]#[^\n]*)?\r?$""",
    re.M,
)
_FLOW = lazy_pattern(r"""#[^\n]*|"([^"\n]*)"|'([^'\n]*)'|(?<=[\[{,:])[ \t]*([^\s,\]}"'{\[#][^,\]}\n]*)""")
_COMMAND_KEY = lazy_pattern(r"^(?:cmd|command|run|script|args|entrypoint|exec|before_script)$", re.I)
_SHELL_COMMENT = lazy_pattern(r"(?:^|(?<=[\s;]))#[^\n]*")
_BATCH_COMMENT = lazy_pattern(r"^[ \t]*(?:@?rem\b|::)[^\n]*", re.I | re.M)
_LIKELY = lazy_pattern(r"(?:file:)?/|[A-Za-z]:[\\/]|~/|\.\./input|dbfs:/|\\\\|-{1,2}[\w-]+=")
_BARE = lazy_pattern(
    r"(?:(?<=[\s=<>(;&|,\"'`])|^)(?P<path>(?:/|~/|\.\./input|dbfs:/|[A-Za-z]:[\\/]|\\\\)(?:\\ |[^\s\"'`;&|<>)(,:])*)",
    re.M,
)
_VARIABLE = lazy_pattern(r"([A-Za-z_]\w*)[ \t]*[:?+]?=[ \t]*[\"']?$")


def quoted(pattern: re.Pattern[str]) -> Scanner:
    """A scanner for a language with strings in quotes and the comments of the pattern."""

    def scan(text: str) -> Iterator[TextValue]:
        for match in pattern.finditer(text):
            raw = match[1]
            if raw is None or len(raw) < 5 or not _LIKELY.match(raw, 1):
                continue
            start = match.start(1)
            line = text[text.rfind("\n", 0, start) + 1 : start]
            if _OPERAND.search(line) or _TALK.search(line):
                continue
            key = _KEY.search(line)
            yield TextValue(_unescaped(raw), start, match.end(1), key[1].strip('"`') if key else None)

    return scan


def json_values(text: str) -> Iterator[TextValue]:
    """The texts of a JSON document that are values, with their keys."""
    key: str | None = None
    for match in _JSON.finditer(text):
        if match[1] is None:
            continue
        if match[2] is not None:
            key = match[1][1:-1]
        else:
            yield TextValue(_unescaped(match[1]), match.start(1), match.end(1), key)


def ini_values(text: str) -> Iterator[TextValue]:
    """The values of ``key = value`` lines."""
    for match in _INI.finditer(text):
        raw, start, end = match["value"], match.start("value"), match.end("value")
        yield TextValue(raw.strip("\"'"), start, end, match["key"])


def yaml_values(text: str) -> Iterator[TextValue]:
    """The scalars of a YAML document that stand on one line, those of flow sequences among them."""
    for match in _YAML.finditer(text):
        raw, start = match["value"], match.start("value")
        key = match["key"].strip("\"'") if match["key"] else None
        if raw[0] in "[{":
            for item in _FLOW.finditer(text, start, match.end("value")):
                group = next((n for n in (1, 2, 3) if item[n]), None)
                if group:
                    yield TextValue(item[group].strip(), item.start(group), item.end(group), key)
        elif key is not None and _COMMAND_KEY.match(key):
            for word in command_words(raw):
                yield TextValue(word.value, start + word.start, start + word.end, word.name, command=True)
        elif key is not None or text[match.start() : start].rstrip().endswith("-"):
            value = _unescaped(raw) if raw[0] == '"' else raw.strip("'")
            yield TextValue(value, start, match.end("value"), key)


def command_words(text: str) -> Iterator[TextValue]:
    """The words of shell commands that begin like absolute paths, without those in comments."""
    for match in _BARE.finditer(_blanked(_SHELL_COMMENT, text)):
        path, start = match["path"], match.start("path")
        line = text[text.rfind("\n", 0, start) + 1 : start]
        if re.search(r"\b(?:echo|printf|grep|sed|awk)\b[^|;&]*$", line) or re.search(
            r"(?:==|!=|=~|-[efds])[ \t]+[\"']?$", line
        ):
            continue
        if re.search(r"\b(?:docker|podman|singularity|apptainer)\b", line) and re.search(
            r":$|(?:-w|--workdir)[ =]$", line
        ):
            continue  # a place inside of the container
        quote = text[start - 1 : start]
        if quote in "\"'" and quote:  # a quoted word can hold blanks
            end = text.find(quote, start)
            if 0 < end - start < 300 and "\n" not in text[start:end] and not re.search(r"[;&|]", text[start:end]):
                path = text[start : _list_end(text, start, end)]
        path = path.rstrip("\\")
        name = _VARIABLE.search(line)
        value = path.replace("\\ ", " ")
        yield TextValue(value, start, start + len(path), name[1] if name else None, command=True)


def _list_end(text: str, start: int, end: int) -> int:
    """Where the first path of a list such as that of ``PATH`` ends; a drive's colon separates nothing."""
    colon = text.find(":", start + 2, end)
    return end if colon < 0 else colon


def batch_words(text: str) -> Iterator[TextValue]:
    """The same for the scripts of Windows."""
    return command_words(_blanked(_BATCH_COMMENT, text))


def chunk_values(text: str) -> Iterator[TextValue]:
    """The texts in the code of an R Markdown or Quarto document."""
    for match in re.finditer(r"^```+[ \t]*\{(\w+)[^\n]*\n(.*?)^```", text, re.M | re.S):
        scan = command_words if match[1] in ("bash", "sh") else _strings
        for value in scan(match[2]):
            shift = match.start(2)
            yield TextValue(value.value, value.start + shift, value.end + shift, value.name, value.command)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _unescaped(raw: str) -> str:
    body = raw[1:-1]
    return body.replace("\\\\", "\\").replace("\\/", "/") if raw[0] == '"' else body.replace("\\\\", "\\")


_strings = quoted(_HASH)
python_strings = quoted(_PYTHON)
"""For programs that do not parse, such as those of Python 2."""

_SCANNERS: dict[str, Scanner] = {
    **dict.fromkeys(("r", "rprofile", "jl", "smk"), _strings),
    **dict.fromkeys(("rmd", "qmd"), chunk_values),
    **dict.fromkeys(("yml", "yaml"), yaml_values),
    **dict.fromkeys(("json", "jsonc", "json5"), json_values),
    **dict.fromkeys(("toml",), quoted(_TOML)),
    **dict.fromkeys(("ini", "cfg", "conf", "config", "properties", "env", "renviron"), ini_values),
    **dict.fromkeys(("sh", "bash", "zsh", "ksh", "csh", "fish", "mk", "make", "pbs", "slurm", "sbatch"), command_words),
    **dict.fromkeys(("bat", "cmd", "ps1"), batch_words),
}
_NAMES: dict[str, Scanner] = {
    "makefile": command_words,
    "gnumakefile": command_words,
    "justfile": command_words,
    "snakefile": _strings,
    ".rprofile": _strings,
    ".renviron": ini_values,
    ".env": ini_values,
    ".envrc": command_words,
    "mlproject": yaml_values,
}
# What is written by machines, describes containers and services, or holds data and not settings.
_SKIPPED = lazy_pattern(
    r"(?:^|/)(?:\.github|\.circleci|\.gitlab|\.devcontainer|\.buildkite|\.azure|renv|packrat|node_modules|k8s|kubernetes|helm|charts|"
    r"manifests|docker|\.docker|docs?|cassettes|locales?|i18n|website|terraform|ansible|\.ipynb_checkpoints|\.idea)/"
    r"|(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$|docker|devcontainer|container|(?:^|/)\.?(?:gitlab-ci|travis|appveyor|drone|readthedocs|pre-commit-config)"
    r"|azure-pipelines|cloudbuild|skaffold|(?:^|/)(?:activate\.R|desktop\.ini)$|[.-]lock|lock\.|\.schema\.json$|package\.json$|tsconfig|entrypoint|(?:^|/)databricks\.ya?ml$"
    r"|(?:^|/)(?:nginx|supervisord|uwsgi|gunicorn|apache|httpd|prometheus|mkdocs|_quarto|openapi|swagger|vercel|netlify|codecov|dependabot)[^/]*$"
    r"|(?:^|/)(?:serverless|app|cog|modal|singularity|apptainer|environment\.local)\.(?:ya?ml|json)$",
    re.I,
)
_FOREIGN = lazy_pattern(r"""^["']?(?:apiVersion|openapi|swagger|services)["']?:""", re.M)
"""Documents about containers and interfaces."""
_MAX_SIZE = 1_000_000


def scanner_for(path: str) -> Scanner | None:
    """What reads the files of this name; None for those in which paths are not the author's own."""
    if _SKIPPED.search(path):
        return None
    name = path.rpartition("/")[2].lower()
    if name.startswith(".env."):
        return ini_values
    return _NAMES.get(name) or (_SCANNERS.get(name.rpartition(".")[2]) if "." in name else None)


def text_values(path: str, text: str) -> Iterator[TextValue]:
    """The values of a file that can be paths, in order; none for kinds of files that are not read."""
    scanner = scanner_for(path)
    if scanner is None or len(text) > _MAX_SIZE:
        return
    if path.endswith((".yml", ".yaml")) and _FOREIGN.search(text):
        return
    if path.endswith((".sh", ".bash")) and text.startswith("#!") and "docker" in text[:200].lower():
        return
    yield from scanner(text)
