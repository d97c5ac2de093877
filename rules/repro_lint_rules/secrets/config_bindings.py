"""Names bound to values in configuration files and in scripts, each with the place of the value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from repro_lint.api import lazy_pattern, yaml_documents
from repro_lint_rules.secrets.code_bindings import (
    TextBinding,
    hash_bindings,
    is_closed,
    slash_bindings,
    terraform_bindings,
    unquoted,
    xml_bindings,
)

Scanner = Callable[[str], Iterator[TextBinding]]

# A string or comment that does not end goes to the end of the line or text, or it would be searched again from within.
_STRING = r'"(?:[^"\\\n]|\\.)*(?:"|(?=[\n\\])|\Z)'
_JSON = lazy_pattern(rf"//[^\n]*|/\*.*?(?:\*/|\Z)|({_STRING})(?:\s{{0,200}}:\s{{0,200}}({_STRING}))?", re.S)
_TOML = lazy_pattern(
    r"#[^\n]*|\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)"
    rf"|(?P<key>(?<![\w.\-])[\w.\-]{{1,100}}|{_STRING})[ \t]{{0,100}}=[ \t]{{0,100}}(?P<value>{_STRING}(?!\")|'[^'\n]*'(?!'))"
    rf"|{_STRING}|'[^'\n]*'",
    re.S,
)
_VALUE = r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"'#;][^\n]*?)[ \t]*(?:[ \t][#;][^\n]*)?\r?$"""
_INI = lazy_pattern(rf"^[ \t]*(?:export[ \t]+)?(?:[^\s=:#;]*[/:])?(?P<key>[\w.\-]+)[ \t]*[=:][ \t]*{_VALUE}", re.M)
_YAML_LINE = lazy_pattern(rf"""^[ \t]*(?:-[ \t]+)?["']?(?P<key>[\w.\-]+)["']?[ \t]*(?::[ \t]|=)[ \t]*{_VALUE}""", re.M)
_WORD = r""""[^"\n]*"|'[^'\n]*'|[^\s"';&|)]+"""
_ASSIGNMENT = lazy_pattern(rf"(?:^|(?<=[\s;&|]))(?P<key>[A-Za-z_]\w*)=(?P<value>{_WORD})", re.M)
_COMMAND = lazy_pattern(
    r"^[ \t]*(?:(?:export|readonly|local|declare(?:[ \t]+-\w+)*|env)[ \t]+)?(?=[A-Za-z_]\w*=)", re.M
)
_R_STRING = r""""(?:[^"\\]|\\.)*(?:"|(?=\\)|\Z)|'(?:[^'\\]|\\.)*(?:'|(?=\\)|\Z)"""
_R = lazy_pattern(
    r"#[^\n]*|(?P<key>(?<![\w.])[A-Za-z.][\w.]{0,100}|\"[\w.]{1,100}\"|`[^`\n]{1,100}`)\s{0,100}(?:<<?-|=)\s{0,100}"
    rf"(?P<value>{_R_STRING})|{_R_STRING}",
    re.S,
)
_DOCKER = lazy_pattern(r"^[ \t]*(?:ENV|ARG)[ \t]+(?P<body>(?:[^\n\\]|\\\r?\n|\\.)*)", re.M | re.I)
_DOCKER_OLD = lazy_pattern(r"(?P<key>[A-Za-z_]\w*)[ \t]+(?P<value>[^\s=].*)")
_LISTED = lazy_pattern(r"([A-Za-z_]\w*)=(.+)", re.S)

_SKIPPED_NAME = lazy_pattern(
    r"^(?:tokenizer|vocab|special_tokens|added_tokens|merges|swagger|openapi)|\.schema\.json$|[.\-]lock|^lock|^messages?\b|^strings?\b"
    r"|^translations?\b|^[a-z]{2}(?:[_\-][A-Za-z]{2,4})?\.(?:json|ya?ml|toml|properties|ini)$|lock\.json$|[_.]lang\."
    r"|^composer\.json$|^(?:package|tsconfig|manifest)\.json$|cassette"
)
_SKIPPED_FOLDER = frozenset(
    "locale locales i18n l10n lang langs language languages translations translation nls cassettes vcr_cassettes node_modules".split()
)
_MAX_SIZE = 1_000_000


def scanner_for(path: str) -> Scanner | None:
    """What reads the files of this name, or None where names and values are not what the file is about."""
    *folders, name = path.lower().split("/")
    if _SKIPPED_NAME.search(name) or not _SKIPPED_FOLDER.isdisjoint(folders):
        return None
    if name.startswith((".env", "env.")) or name.endswith((".env", ".envrc", ".renviron")):
        return _ini
    if name.startswith(("dockerfile", "containerfile")) or name.endswith((".dockerfile", ".containerfile")):
        return _dockerfile
    return _SCANNERS.get(name.rpartition(".")[2])


def text_bindings(path: str, text: str) -> Iterator[TextBinding]:
    """Every value with a name in the text, in order; none for kinds of files in which names are not bound to values."""
    scanner = scanner_for(path)
    if scanner is not None and len(text) <= _MAX_SIZE:
        yield from scanner(text)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[TextBinding]:
    return (unquoted(match) for match in pattern.finditer(text) if match["key"] and is_closed(match["value"]))


def _ini(text: str) -> Iterator[TextBinding]:
    return _matches(_INI, text)


def _xml_or_ini(text: str) -> Iterator[TextBinding]:
    return xml_bindings(text) if text.lstrip("\ufeff \t\r\n").startswith("<") else _ini(text)


def _toml(text: str) -> Iterator[TextBinding]:
    return _matches(_TOML, text)


def _r(text: str) -> Iterator[TextBinding]:
    return _matches(_R, text)


def shell_bindings(text: str) -> Iterator[TextBinding]:
    """The variables that a shell script sets, also those in front of a command."""
    at = 0
    while command := _COMMAND.search(text, at):
        at = command.end()
        while match := _ASSIGNMENT.match(text, at):
            yield unquoted(match)
            at = match.end()
            while text[at : at + 1] in (" ", "\t"):
                at += 1


def _dockerfile(text: str) -> Iterator[TextBinding]:
    for instruction in _DOCKER.finditer(text):
        start, end = instruction.span("body")
        found = list(_ASSIGNMENT.finditer(text, start, end))
        if not found and (old := _DOCKER_OLD.match(text, start, end)):
            found = [old]
        for match in found:
            yield unquoted(match)


def _json(text: str) -> Iterator[TextBinding]:
    previous = ("", "")
    for match in _JSON.finditer(text):
        if match[2] is None or not is_closed(match[2]):
            previous = ("", "")
            continue
        name, value = _json_text(match[1]), _json_text(match[2])
        # {"name": "API_KEY", "value": "..."}: a list of variables, as containers have it
        bound = previous[1] if name == "value" and previous[0] == "name" else name
        yield TextBinding(bound, value, match.start(2) + 1, match.end(2) - 1)
        previous = (name, value)


def _json_text(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return literal[1:-1]


def _yaml(text: str) -> Iterator[TextBinding]:
    """By the parser where the text is YAML, else (a template) line by line."""
    try:
        documents = yaml_documents(text)
    except ValueError:
        return _matches(_YAML_LINE, text)
    return _yaml_nodes(documents, text)


def _yaml_nodes(documents: list[Any], text: str) -> Iterator[TextBinding]:
    seen: set[int] = set()
    stack = documents[::-1]
    while stack:
        node = stack.pop()
        if id(node) in seen or node is None:
            continue
        seen.add(id(node))
        if node.id == "sequence":
            for item in node.value:
                # A list of variables: "- NAME=value"
                if item.id == "scalar" and (match := _LISTED.fullmatch(item.value)):
                    yield from _yaml_scalar(match[1], item, match[2], text)
            stack += [item for item in node.value if item.id != "scalar"][::-1]
        elif node.id == "mapping":
            variable = next((v.value for k, v in node.value if k.value == "name" and v.id == "scalar"), "")
            for key, value in node.value:
                if key.id == value.id == "scalar" and id(value) not in seen:
                    seen.add(id(value))
                    name = variable if key.value == "value" and variable else key.value
                    yield from _yaml_scalar(name, value, value.value, text)
            stack += [value for _, value in node.value if value.id != "scalar"][::-1]


def _yaml_scalar(name: str, node: Any, value: str, text: str) -> Iterator[TextBinding]:
    if node.style in ("|", ">") or not node.tag.startswith("tag:yaml.org,2002:"):
        return  # a text, or something like `!secret name`
    if node.tag.endswith((":null", ":bool", ":timestamp", ":float")):
        return
    start, end = node.start_mark.index, node.end_mark.index
    if text[start:end].rstrip() and text[start] in "\"'":
        start, end = start + 1, end - 1
    if text[start:end].endswith(value):
        start = end - len(value)
    yield TextBinding(name, value, start, end)


_SCANNERS: dict[str, Scanner] = {
    **dict.fromkeys(("yml", "yaml", "condarc"), _yaml),
    **dict.fromkeys(("json", "json5", "jsonc"), _json),
    **dict.fromkeys(("toml",), _toml),
    **dict.fromkeys(("xml", "config"), _xml_or_ini),
    **dict.fromkeys(("tf", "hcl"), terraform_bindings),
    **dict.fromkeys("js mjs cjs jsx ts tsx vue java kt scala groovy gradle go rs swift cs php".split(), slash_bindings),
    **dict.fromkeys("rb pl pm ps1 jl lua".split(), hash_bindings),
    **dict.fromkeys(("ini", "cfg", "conf", "properties", "pypirc", "s3cfg", "boto", "tfvars", "npmrc"), _ini),
    **dict.fromkeys(("sh", "bash", "zsh", "ksh"), shell_bindings),
    **dict.fromkeys(("r", "rprofile"), _r),
}
