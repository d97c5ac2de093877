"""Credentials among the arguments of commands, wherever commands are written: scripts, magics, recipes, documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import Confidence, dataclass, lazy_pattern
from repro_lint_rules.secrets.judgement import confidence_of
from repro_lint_rules.secrets.names import Kind, Meaning, meaning
from repro_lint_rules.secrets.values import Shape, shape


@dataclass(frozen=True)
class CommandSecret:
    """A secret at ``text[start:end]``, as an argument of a command."""

    noun: str
    value: str
    start: int
    end: int
    confidence: Confidence


# Every command below has one of these, and with it one of the signs. A search for one first character is fast.
_ARGUMENTS = (
    lazy_pattern(
        r"-(?<![\w\-]-)(?:[uUpPaSH](?:[\s=\"'\w\-,;]|\Z)|pass(?:in|out)"
        r"|-(?:[a-z0-9]{1,20}[\-_]){0,3}(?:user|proxy-user|pass|pwd|token|key|secret|apikey|header))"
    ),
    lazy_pattern(r"P(?:ASSWORD|WD|ASS)="),
)
_SIGNS = lazy_pattern(
    r"curl|wget| login|mysql|mariadb|redis-cli|sshpass|zip -P|sudo -S|-stdin"
    r"|--(?:pass|token|api|secret|access|client|auth)|-pass(?:in|out)|Authorization:|PGPASSWORD|MYSQL_PWD"
)
_VALUE = r"[\"']?(?P<secret>[^\s\"'`;|&)\]]{4,200})"
_PASSWORDS = (
    lazy_pattern(
        r"\b(?:curl|wget|https?)\b[^\n]{0,400}?\s(?:-u|--user|-U|--proxy-user)[ =]?[\"']?(?P<user>[^\s:\"'/]{1,100}):"
        r"(?P<secret>[^\s\"'`|&]{3,200})"
    ),
    lazy_pattern(
        r"\b(?:docker|podman|helm|az|crane|skopeo|oras|oc|buildah|singularity|apptainer|npm|conda|quay)\b[^\n]{0,80}?"
        rf"\blogin\b[^\n]{{0,200}}?\s(?:-p|--password)[ =]{_VALUE}"
    ),
    lazy_pattern(
        r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n\"'(]{0,200}?\s-p(?P<secret>[^\s\"'`;|&)]{4,100})(?=\s|$)"
    ),
    lazy_pattern(rf"\bsshpass\s{{1,4}}-p\s?{_VALUE}"),
    lazy_pattern(
        r"\becho\s{1,4}(?:-n\s)?[\"']?(?P<secret>[^\s\"'|]{4,200})[\"']?\s{0,4}"
        r"\|[^\n]{0,200}(?:--password-stdin|sudo -S)"
    ),
    lazy_pattern(r"\s-pass(?:in|out)\s{1,4}[\"']?pass:(?P<secret>[^\s\"']{4,200})"),
    lazy_pattern(rf"\bredis-cli\b[^\n]{{0,200}}?\s(?:-a|--pass)\s{{1,4}}{_VALUE}"),
    lazy_pattern(rf"\b(?:un)?zip\s{{1,4}}-P\s{{0,4}}{_VALUE}"),
    lazy_pattern(rf"\b(?:PGPASSWORD|MYSQL_PWD|SSHPASS)={_VALUE}"),
)
_OPTION = lazy_pattern(
    r"(?<![\w\-])--(?P<name>(?:[a-z0-9]{1,20}[\-_]){0,3}(?:password|passwd|pass|pwd|passphrase|token|key|secret|apikey))"
    rf"(?:[ =]{{1,2}}|[\"'],\s?[\"'])(?![\-]){_VALUE}"
)
_HEADER = lazy_pattern(
    r"(?:-H|--header)[ =]{0,2}[\"'](?P<name>[\w\-]{3,40}):\s{0,2}"
    r"(?:(?:Bearer|Token|token|Bot) )?(?P<secret>[^\s\"']{12,400})"
)
_DECLARES = lazy_pattern(r"add_argument|[.@]option\(|add_option|click\.|typer\.|Argument\(")
_PASSWORD = Meaning(Kind.PASSWORD, "password")
_TOKEN = Meaning(Kind.KEY, "token")
_PROSE = (".md", ".rst", ".txt", ".markdown", ".adoc", ".tex")
_REACH = 1500


def find_command_secrets(text: str, path: str) -> Iterator[CommandSecret]:
    """The credentials of this kind in the text; ``path`` is that of its file. Very long lines hold no commands."""
    seen: set[int] = set()
    for pattern in _ARGUMENTS:
        end = -1
        for argument in pattern.finditer(text):
            if argument.start() < end:
                continue
            start, end = _line(text, argument.start())
            if start >= 0 and start not in seen and _SIGNS.search(text, start, end):
                seen.add(start)
                yield from _in_line(text[start:end].replace("\\\n", "  "), start, path)


def _line(text: str, at: int) -> tuple[int, int]:
    """From where to where the line reaches, with the lines that a backslash joins to it; -1 if it is too long."""
    start = at
    while True:
        newline = text.rfind("\n", max(at - _REACH, 0), start)
        if newline < 0:
            start = 0 if at < _REACH else -1
            break
        if text[newline - 1 : newline] != "\\":
            start = newline + 1
            break
        start = newline
    end = at
    while True:
        newline = text.find("\n", end, at + _REACH)
        if newline < 0:
            return (start if len(text) <= at + _REACH else -1), min(len(text), at + _REACH)
        if text[newline - 1] != "\\":
            return start, newline
        end = newline + 1


def _in_line(line: str, offset: int, path: str) -> Iterator[CommandSecret]:
    if _DECLARES.search(line):
        return
    for pattern in _PASSWORDS:
        for match in pattern.finditer(line):
            yield from _judged(match, _PASSWORD, "", offset, path)
    for match in _OPTION.finditer(line):
        name = match["name"]
        known = meaning(name) or (_PASSWORD if name == "pass" else None)
        if known is not None:
            yield from _judged(match, known, name, offset, path)
    for match in _HEADER.finditer(line):
        known = meaning(match["name"])
        if known is not None:
            yield from _judged(match, _TOKEN, match["name"], offset, path)


def _judged(match: re.Match[str], known: Meaning, name: str, offset: int, path: str) -> Iterator[CommandSecret]:
    value = match["secret"].rstrip(",.\\")
    looks = shape(value, known, name)
    confidence = confidence_of(looks, known, path)
    if confidence is None:
        return
    # "the --password option": a plain word after a blank may as well belong to a sentence.
    in_prose = path.lower().endswith(_PROSE) or match.string[match.start("secret") - 1] == " "
    if looks < Shape.MIXED and in_prose:
        confidence = Confidence.LOW
    start = offset + match.start("secret")
    noun = known.noun
    article = "an" if noun[0] in "aeiouA" else "a"
    yield CommandSecret(f"{article} {noun} on a command line", value, start, start + len(value), confidence)
