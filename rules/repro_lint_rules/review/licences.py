"""Where a project may say under which terms others can use it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from repro_lint.api import Documentation, Project, ProjectFact, dataclass, lazy_pattern, read_text

_FILE = lazy_pattern(
    r"(?:.*[._-])?(?:un)?licen[cs]es?(?:[._-].*)?|copying(?:[._-].*)?|lizenz(?:\..*)?|licen[cs]ia(?:\..*)?|copyright(?:\..*)?"
)
_IN_MANIFEST = {
    "pyproject.toml": r"^\s*license(?:-files|-expression)?\s*=|License :: |Private :: ",
    "setup.py": r"\blicen[cs]e\s*=\s*[\"'][^\"']|License :: |Private :: ",
    "setup.cfg": r"^\s*license(?:_files?)?\s*[=:]\s*\S|License :: |Private :: ",
    "DESCRIPTION": r"^License:\s*\S",
    "package.json": r"\"license\"\s*:\s*\"",
    "CITATION.cff": r"^license(?:-url)?:\s*\S",
    ".zenodo.json": r"\"license\"\s*:\s*\"",
    "codemeta.json": r"\"license\"\s*:\s*\"",
    "Cargo.toml": r"^\s*license(?:-file)?\s*=",
}
_NAMED = lazy_pattern(
    r"\b(?:MIT|BSD|Apache(?:[ -]2)?|GPL(?:v?\d)?|AGPL|LGPL|MPL|ISC|Unlicense|WTFPL|EUPL|CC0|CC[ -]BY[\w. -]*"
    r"|Creative Commons|public domain|GNU (?:General|Lesser|Affero)"
    r"|Mozilla Public|Artistic|Boost Software|CeCILL|ODbL)\b",
    re.I,
)
_TOLD = lazy_pattern(
    r"\b(?:licen[cs]ed?\s+(?:under|by|as)|released\s+under|distributed\s+under|available\s+under"
    r"|under\s+(?:the\s+|an?\s+)?(?:terms|[\w.-]+(?:\s+[\w.-]+){0,4}\s+licen[cs]e)"
    r"|all\s+rights\s+reserved|proprietary|free\s+for\s+(?:personal|research|academic|non-?commercial)\b.{0,60}\buse"
    r"|lizenziert\s+unter|unter\s+der\s+[\w-]+[- ]Lizenz|sous\s+licence"
    r"|bajo\s+(?:la\s+)?licencia|sob\s+(?:a\s+)?licença)",
    re.I,
)
_LINK = lazy_pattern(
    r"creativecommons\.org/(?:licenses|publicdomain)|opensource\.org/licen[cs]es?|choosealicense\.com|gnu\.org/licenses"
    r"|apache\.org/licenses|img\.shields\.io/(?:badge/|.*/)?(?:licen[cs]e|github/license|pypi/l/)"
    r"|unlicense\.org|spdx\.org/licenses",
    re.I,
)
_HEADING = lazy_pattern(r"\b(?:licen[cs]\w*|lizenz|copyright|terms of use)\b|许可|ライセンス|라이선스|лицензия", re.I)


@dataclass(frozen=True)
class Licences(ProjectFact):
    """The files that state terms, the one named best first; empty where none does."""

    paths: tuple[str, ...]

    @classmethod
    def compute(cls, project: Project) -> Licences:
        """Look at names, then into manifests, then into the main documents."""
        return cls(tuple(dict.fromkeys(_found(project))))


def _found(project: Project) -> Iterator[str]:
    directories = ("", ".github", "docs", "doc", "LICENSES", "LICENCES", "licenses", "license", "legal")
    for path in project.view.paths():
        directory, name = posixpath.split(path)
        if directory in directories and (directory.lower() in ("licenses", "licences") or _is_licence(name)):
            yield path
    for name, pattern in _IN_MANIFEST.items():
        if name in project.files and re.search(pattern, read_text(project, name), re.M):
            yield name
    for document in project.fact(Documentation).main():
        sections = {heading for heading in document.headings if _HEADING.search(heading.text)}
        told = any(
            _TOLD.search(s.text) or ((s.section in sections or _HEADING.search(s.text)) and _NAMED.search(s.text))
            for s in document.sentences
        )
        links = [*document.links, *document.images]
        if told or any(_LINK.search(link.target) for link in links):
            yield document.path


def _is_licence(name: str) -> bool:
    return bool(_FILE.fullmatch(name.lower())) and not name.lower().endswith((".py", ".ipynb", ".r", ".js", ".csv"))
