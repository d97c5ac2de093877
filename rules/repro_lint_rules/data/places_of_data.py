"""Where a path of a program can lead in the tree, and what the project says about the file there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import cached_property

from repro_lint.api import Document, Project, ProjectFact, lazy_pattern, read_text
from repro_lint_rules.data.path_values import HERE

_BUILD_FILES = lazy_pattern(
    r"(?:^|/)(?:[Mm]akefile|GNUmakefile|Snakefile|Dockerfile|Containerfile|[Jj]ustfile|dvc\.(?:yaml|lock)|\.lakectl\w*"
    r"|[^/]*\.(?:sh|bash|bat|ps1|smk|mk|nf|cwl|wdl))$|^\.github/workflows/|^\.gitlab-ci\.yml$"
)
_FOREIGN = lazy_pattern(r"(?i)(?:^|/)(?:contributing|code_of_conduct|changelog|changes|history|security|license)[^/]*$")
_OTHER_PROGRAMS = lazy_pattern(r"\.(?:R|r|Rmd|qmd|jl|m|do|sas|pl|rb|java|scala|cpp|cc|c|go|js|ts|sql)$")
_WRITING_LINE = lazy_pattern(r"(?im)^.*(?:writ|save|sink|export|download|outsheet|dump|copy|imwrite).*$")
_INSTRUCTS = lazy_pattern(
    r"\b(?:download|unzip|unpack)(?:ed|ing|s)?\b[^.!?]{0,120}"
    r"\b(?:data|datasets?|data-sets?|csv|files?|corpus|corpora|images?|archive|zip|weights|checkpoints?|models?|inputs?)\b"
    r"|\b(?:fetch|obtain|extract|retrieve)(?:ed|ing|s)?\b[^.!?]{0,80}\b(?:data|datasets?|data-sets?|corpus|csv)\b"
    r"|\b(?:place|put|get|store|save|copy|move|request|add)\b[^.!?]{0,80}\b(?:data|datasets?|data-sets?|corpus|csv)\b"
    r"|\b(?:data|datasets?|data-sets?|csv|corpus|weights|checkpoints?)\b[^.!?]{0,120}"
    r"\b(?:download(?:ed)?|can be found|available (?:at|from|on|here|via|upon)|not included|not provided"
    r"|found (?:at|here|on)|obtained|accessed|confidential|proprietary|(?:up)?on request|licen[cs]ed)\b",
    re.I,
)
_MOST_TEXT = 400_000


class DataPlaces(ProjectFact):
    """The tree as programs see it that open files by relative paths."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.paths = frozenset(project.view.paths())
        self._instructing: dict[str, bool] = {}

    @classmethod
    def compute(cls, project: Project) -> DataPlaces:
        """Nothing is read before it is asked for."""
        return cls(project)

    def candidates(self, program: str, path: str) -> list[str]:
        """The paths below the root that a relative path of the program may lead to, the likeliest first.

        A notebook runs in its folder, a script anywhere between its folder and the root. None for what lies outside.
        """
        folder = posixpath.dirname(program)
        if path.startswith(HERE):
            bases, path = [folder], path[len(HERE) :].lstrip("/") or "."
        else:
            bases = [folder]
            while not program.endswith(".ipynb") and folder:
                folder = posixpath.dirname(folder)
                bases.append(folder)
        found = (posixpath.normpath(posixpath.join(base, path)) for base in bases)
        return [place for place in dict.fromkeys(found) if place != ".." and not place.startswith("../")]

    def exists(self, path: str) -> bool:
        """Whether it is a file or folder of the tree, or may be one that another tool brings."""
        if path in self.paths or path in self.folders or path == ".":
            return True
        above = path
        while above:
            if above in self._elsewhere:
                return True
            above = posixpath.dirname(above)
        return False

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder of the tree, vendored ones included."""
        found: set[str] = set()
        for path in self.paths:
            while (path := path.rpartition("/")[0]) and path not in found:
                found.add(path)
        return frozenset(found)

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """What DVC and git submodules put into the tree."""
        return frozenset((*self.project.view.submodules, *(path[:-4] for path in self.paths if path.endswith(".dvc"))))

    def ending_with(self, path: str) -> list[str]:
        """The files whose paths end with these parts, in any case of letters."""
        wanted = re.sub(r"^(?:\.\./|\./)+", "", path).lower()
        name = posixpath.basename(wanted)
        return [place for place in self._by_name.get(name, ()) if f"/{place.lower()}".endswith(f"/{wanted}")]

    def namesakes(self, path: str) -> list[str]:
        """The files of the same name, in any case of letters."""
        return self._by_name.get(posixpath.basename(path).lower(), [])

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted((*self.paths, *self.folders)):
            found.setdefault(posixpath.basename(path).lower(), []).append(path)
        return found

    def mentions(self, path: str) -> bool:
        """Whether a document, or a file that builds or configures something, names a file of this name."""
        name = posixpath.basename(path)
        texts = self._texts
        return name in texts and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", texts) is not None

    def instructs(self, program: str) -> bool:
        """Whether a document above the program, or beside it, tells how to get data."""
        folder = posixpath.dirname(program)
        above = [folder]
        while folder:
            folder = posixpath.dirname(folder)
            above.append(folder)
        below = f"{above[0]}/" if above[0] else None
        beside = [place for place in self._documents if below and place.startswith(below)]
        return any(self._instructs_in(place) for place in (*above, *beside))

    def _instructs_in(self, folder: str) -> bool:
        """Whether a document of the folder tells how to get data."""
        if folder not in self._instructing:
            paragraphs = (
                paragraph
                for path in self._documents.get(folder, ())
                for paragraph in re.split(r"\n\s*\n", read_text(self.project, path)[:_MOST_TEXT])
            )
            self._instructing[folder] = any(_INSTRUCTS.search(paragraph) for paragraph in paragraphs)
        return self._instructing[folder]

    @cached_property
    def _documents(self) -> Mapping[str, list[str]]:
        """The documents by the folder that they speak of."""
        found: dict[str, list[str]] = {}
        for path in self.project.files:
            if Document.accepts(path) and not _FOREIGN.search(path):
                folder = posixpath.dirname(path)
                found.setdefault("" if folder in (".github", "docs", "doc") else folder, []).append(path)
        return found

    @cached_property
    def _texts(self) -> str:
        """What documents say, what building does, and what programs in other languages write."""
        texts = []
        for path in self.project.files:
            if Document.accepts(path) or _BUILD_FILES.search(path):
                texts.append(read_text(self.project, path)[:_MOST_TEXT])
            elif _OTHER_PROGRAMS.search(path):
                texts += _WRITING_LINE.findall(read_text(self.project, path)[:_MOST_TEXT])
        return "\n".join(texts)
