"""Which paths the .gitignore files of a tree exclude (gitignore(5)), without git.

Written out rather than left to pathspec, whose patterns match everything below a directory as well: there
``!data/`` re-includes a ``data/a`` that another pattern excludes, for git it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from repro_lint.lazy import lazy_pattern

Reader = Callable[[str], "bytes | None"]
_Rule = tuple[bool, bool, bool, "re.Pattern[str]"]  # ignores, for directories only, for the name only, what


class IgnoreRules:
    """The rules of all .gitignore files, which ``read`` gets by path (None: there is no such file)."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._rules: dict[str, tuple[_Rule, ...]] = {}
        self._directories: dict[str, bool] = {}

    def ignores(self, path: str) -> bool:
        """Whether the path or a directory that holds it is ignored; with a slash at the end it is a directory."""
        at = path.find("/")
        while at != -1:
            directory = path[: at + 1]
            if directory not in self._directories:
                self._directories[directory] = self.matches(directory)
            if self._directories[directory]:
                return True
            at = path.find("/", at + 1)
        return not path.endswith("/") and self.matches(path)

    def matches(self, path: str) -> bool:
        """Whether the path itself is ignored, provided that no directory that holds it is.

        The last pattern that matches decides, in the nearest file that has one.
        """
        is_directory = path.endswith("/")
        path = path.rstrip("/")
        directory, _, name = path.rpartition("/")
        while True:
            relative = path[len(directory) + 1 :] if directory else path
            for ignores, directories_only, name_only, pattern in self._of(directory):
                if (is_directory or not directories_only) and pattern.fullmatch(name if name_only else relative):
                    return ignores
            if not directory:
                return False
            directory = directory.rpartition("/")[0]

    def _of(self, directory: str) -> tuple[_Rule, ...]:
        """The rules of the directory's own file, the last first."""
        if directory not in self._rules:
            data = self._read(f"{directory}/.gitignore" if directory else ".gitignore") or b""
            lines = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").split("\n")
            rules = [_rule(line.removesuffix("\r")) for line in reversed(lines)]
            self._rules[directory] = tuple(rule for rule in rules if rule is not None)
        return self._rules[directory]


def _rule(line: str) -> _Rule | None:
    """The rule of a line, or None for one that is empty, a comment or makes no sense: it matches nothing."""
    if line.startswith("#"):
        return None
    line = re.sub(r"(?<!\\)((?:\\\\)*(?:\\ )?) +$", r"\1", line)
    ignores = not line.startswith("!")
    line = line if ignores else line[1:]
    directories_only = line.endswith("/")
    line = line.removesuffix("/")
    name_only = "/" not in line
    if not line:
        return None
    try:
        return ignores, directories_only, name_only, re.compile(_expression(line.removeprefix("/")), re.DOTALL)
    except (re.error, ValueError):
        return None


_TOKEN = lazy_pattern(
    r"(?P<deep>(?:^|(?<=/))\*\*/)|(?P<all>(?:^|(?<=/))\*\*$)|(?P<some>\*+)|(?P<one>\?)"
    r"|(?P<set>\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\])|\\(?P<escaped>.)|(?P<plain>[^\\\[])",
    re.DOTALL,
)
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


def _expression(pattern: str) -> str:
    """The pattern as a regular expression. Raises ``ValueError`` for an open bracket or a last backslash."""
    found, at = [], 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise ValueError(pattern)
        at, kind, text = token.end(), token.lastgroup, token[0]
        if kind == "set":
            found.append(_set(text))
        elif kind == "escaped":
            found.append(re.escape(token["escaped"]))
        elif kind == "plain":
            found.append(re.escape(text))
        else:
            found.append({"deep": "(?:.*/)?", "all": ".+", "some": "[^/]*", "one": "[^/]"}[str(kind)])
    return "".join(found)


def _set(text: str) -> str:
    """A bracket expression, which never matches a slash."""
    negated = text[1] in "!^"
    inner = text[2:-1] if negated else text[1:-1]
    parts = re.findall(r"\[:\w+:\]|\\.|.", inner, re.DOTALL)
    body = "".join(
        _CLASSES.get(part[2:-2], "") if len(part) > 2 else "-" if part == "-" else re.escape(part[-1]) for part in parts
    )
    return f"(?!/)[{'^' if negated else ''}{body}]"
