"""Whether a document tells its readers how to run what the project holds, and by what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import Document, Documentation, Heading, Project, ProjectFact, Reference, dataclass, lazy_pattern
from repro_lint_rules.running.entry_points import is_code
from repro_lint_rules.running.names import Names
from repro_lint_rules.running.wording import (
    DOCUMENTATION,
    FOUND_IN,
    GENERIC_LINK,
    HEADINGS,
    NEGATION,
    NOTEBOOKS,
    RUN_AFTER,
    RUN_BEFORE,
)

_LAUNCH = lazy_pattern(
    r"https?://(?:[\w-]+\.)?(?:"
    r"mybinder\.org/v2/|colab\.research\.google\.com/(?:github|drive|gist)/|colab\.sandbox\.google\.com/github/"
    r"|kaggle\.com/(?:code|kernels|notebooks)/|kaggle\.com/[\w-]+/[\w-]+/notebook|deepnote\.com/launch|codespaces\.new/|github\.com/codespaces/new"
    r"|gitpod\.io/#|studiolab\.sagemaker\.aws/import|console\.paperspace\.com/github|codeocean\.com/(?:capsule|explore)"
    r"|nbviewer\.(?:jupyter|ipython)\.org/\S+\.ipynb|replit\.com/github|run\.pythonanywhere|molab\.marimo\.io|lightning\.ai/)",
    re.I,
)
_SITE = lazy_pattern(
    r"readthedocs|\.github\.io|\.gitlab\.io|\.gitbook|(?://|\.)docs?\.|/docs?\b|/wiki\b|\.netlify\.app|tutorial|guide|manual|rtfd\.io",
    re.I,
)
_BUILT_SITE = lazy_pattern(
    r"/(?:en|de|fr|es|zh|ja|pt)(?:[-_]\w+)?/(?:latest|stable)(?:/|\Z)"
)  # as Read the Docs builds them
_IMPORT = lazy_pattern(r"^\s*(?:>>>\s*|In \[\d*\]:\s*)?(?:from|import)\s+([A-Za-z_]\w*)", re.M)
_LIBRARY = lazy_pattern(r"\b(?:library|require)\(\s*[\"']?([\w.]+)|^\s*using\s+(\w+)|\b([\w.]+)::\w", re.M)
_PYTHON = frozenset({"", "python", "py", "python3", "pycon", "ipython", "jupyter", "python-repl"})
_READABLE = (".pdf", ".html", ".htm", ".docx", ".doc", ".odt", ".tex")
_IDENTIFIER = lazy_pattern(r"\S*\w[_/.\\]\w\S*")  # "run" in run_all.py is no verb
_MANUAL = lazy_pattern(r"doc(?!x?\Z)|manual|guide|instruct|readme|usage|tutorial|handbook", re.I)
_NO_MANUAL = lazy_pattern(
    r"slides|presentation|talk|poster|thesis|paper|article|manuscript|proposal|licen[cs]e|figure|plot|\bcv\b", re.I
)
_NEAR = 70  # characters between a verb and the file it acts on


@dataclass(frozen=True)
class Instruction:
    """What tells how to run something: where it stands, and its kind."""

    path: str
    line: int
    kind: str


@dataclass(frozen=True)
class RunInstructions(ProjectFact):
    """The first instruction found in the README or one hop away from it, or None."""

    first: Instruction | None

    @classmethod
    def compute(cls, project: Project) -> RunInstructions:
        """Read the main documents, what they refer to, and the READMEs of sub-directories, until one tells."""
        return cls(next(Search(project).found(), None))


class Search:
    """The instructions of a project, in the order in which a reader comes upon them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.documentation = project.fact(Documentation)
        self.names = project.fact(Names)

    def found(self) -> Iterator[Instruction]:
        """What tells, in the main documents, in what they refer to, and in the READMEs of sub-directories."""
        read: set[str] = set()
        main = list(self.documentation.main())
        for document in main:
            read.add(document.path)
            yield from self.in_document(document)
        for document in main:
            for reference in self.documentation.references(document):
                if reference.path in read:
                    continue
                read.add(reference.path)
                if reference.path.lower().endswith(_READABLE) and self._is_manual(reference):
                    yield Instruction(document.path, reference.line, "linked document")
                elif (target := self.documentation.document(reference.path)) is not None:
                    yield from self.in_document(target)
        for document in self.documentation.below():
            if document.path not in read:
                yield from self.in_document(document)

    @staticmethod
    def _is_manual(reference: Reference) -> bool:
        """Whether what cannot be read here may hold instructions: by its name, or because it is linked for a reason."""
        name = reference.path.rpartition("/")[2]
        return bool(_MANUAL.search(name)) or (reference.linked and not _NO_MANUAL.search(name))

    def in_document(self, document: Document) -> Iterator[Instruction]:
        """The instructions in one document; each kind is looked for only if none before it was found."""
        for kind, lines in (
            ("command", self.commands(document)),
            ("launch link", self.launches(document)),
            ("usage example", self._examples(document)),
            ("sentence", self._sentences(document)),
            ("section", self._sections(document)),
            ("notebook link", self._notebooks(document)),
            ("documentation site", self.sites(document)),
        ):
            for line in lines:
                yield Instruction(document.path, line, kind)

    def commands(self, document: Document) -> Iterator[int]:
        scripts = self.names.console_scripts
        for command in document.commands:
            if command.kind == "run" or command.argv[0] in scripts or "pixi run" in command.wrappers:
                yield command.line
        for block in document.code:
            if block.kind == "inline" and scripts and block.text.split()[:1] and block.text.split()[0] in scripts:
                yield block.line

    def launches(self, document: Document) -> Iterator[int]:
        for link in document.links:
            if _LAUNCH.match(link.target):
                yield link.line

    def _examples(self, document: Document) -> Iterator[int]:
        for block in document.code:
            if block.kind == "inline":
                continue
            if block.language in _PYTHON and set(_IMPORT.findall(block.text)) & self.names.importable:
                yield block.line
            elif self.names.packages:
                used = {name for groups in _LIBRARY.findall(block.text) for name in groups if name}
                if used & self.names.packages:
                    yield block.line

    def _sentences(self, document: Document) -> Iterator[int]:
        for sentence in document.sentences:
            text = sentence.text
            if self.names.notebooks and NOTEBOOKS.search(text):
                yield sentence.line
            for start, end, name in self.names.in_text(text):
                before = _IDENTIFIER.sub(lambda m: " " * len(m[0]), text[max(start - _NEAR, 0) : start])
                told = any(not NEGATION.search(before[: m.start()]) for m in RUN_BEFORE.finditer(before))
                told = told or bool(RUN_AFTER.search(text[end : end + _NEAR]))
                if told or (name.lower().endswith((".ipynb", ".rmd", ".qmd")) and FOUND_IN.search(before)):
                    yield sentence.line

    def _sections(self, document: Document) -> Iterator[int]:
        """Files that are named under a heading such as "Usage", in whatever form."""
        running = _running_sections(document)
        parts = [(s.section, s.text, s.line) for s in document.sentences]
        parts += [(block.section, block.text, block.line) for block in document.code]
        for section, text, line in parts:
            if section in running and any(True for _ in self.names.in_text(text)):
                yield line
        for block in document.code:  # a section named after a program, with code that shows it
            if block.kind != "inline" and block.section and any(True for _ in self.names.in_text(block.section.text)):
                yield block.line

    def _notebooks(self, document: Document) -> Iterator[int]:
        for link in document.links:
            path = self.documentation.resolve(document.path, link.target)
            if path and path.lower().endswith((".ipynb", ".rmd", ".qmd")) and is_code(path):
                yield link.line

    def sites(self, document: Document) -> Iterator[int]:
        for link in document.links:
            if not link.target.startswith(("http:", "https:")):
                continue
            if self.names.is_own(link.target) and _BUILT_SITE.search(link.target):
                yield link.line
            elif _SITE.search(link.target):
                heading = link.section.text if link.section else ""
                about = f"{link.text} {heading}" if link.text == link.target or len(link.text) < 6 else link.text
                own = self.names.is_own(link.target)
                if (own and DOCUMENTATION.search(f"{about} {link.target}")) or GENERIC_LINK.fullmatch(
                    link.text.strip()
                ):
                    yield link.line
        for image in document.images:  # a badge of Read the Docs names the project it is of
            if "readthedocs" in image.target:
                yield image.line


def _running_sections(document: Document) -> set[Heading]:
    """The sections under a heading about running things, with those below them; the title of the document is none."""
    found: set[Heading] = set()
    above: list[Heading] = []
    for number, heading in enumerate(document.headings):
        while above and above[-1].level >= heading.level:
            above.pop()
        title = number == 0 and heading.level == 1
        if (not title and HEADINGS.search(heading.text)) or any(parent in found for parent in above):
            found.add(heading)
        above.append(heading)
    return found
