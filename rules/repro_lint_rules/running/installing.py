"""Whether a document tells its readers what to install, and by what."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from repro_lint.api import (
    Document,
    Environment,
    ImportFacts,
    ModuleIndex,
    Project,
    ProjectFact,
    dataclass,
    lazy_pattern,
)
from repro_lint_rules.environment.names import distributions_of, is_foreign, unit_of
from repro_lint_rules.running.instructions import Instruction, Search

# Binder and its like build the environment from the repository; Colab and Kaggle bring one of their own.
_BUILT = lazy_pattern(
    r"https?://(?:[\w-]+\.)?(?:mybinder\.org/v2/|codespaces\.new/|github\.com/codespaces/new|gitpod\.io/#"
    r"|deepnote\.com/launch|codeocean\.com/(?:capsule|explore)|studiolab\.sagemaker\.aws/import)",
    re.I,
)
_INSTALLS = lazy_pattern(
    r"\b(?:(?:re-?)?install(?:s|ed|ing|ation)?|set(?:ting)?[ -]?up|require(?:s|d|ments?)?|depend(?:s|enc\w+)?"
    r"|prerequisites?|need(?:s|ed)?|packages?|librar(?:y|ies)|modules?|environments?|docker|versions?"
    r"|installier\w*|voraussetzung\w*|install(?:ez|er|are|ar|ación|azione|ação)|requisitos?|requisiti|d[ée]pendances?)\b"
    r"|安装|依赖|環境|环境|インストール|必要|설치|установ\w+|зависимост\w+",
    re.I,
)
_HEADINGS = lazy_pattern(
    r"\b(?:install\w*|set[ -]?up|requirements?|dependenc\w+|prerequisites?|environment|getting started|packages"
    r"|libraries|modules|tech(?:nology)?[ -]?stack|technologies|tools|built with|software|voraussetzungen"
    r"|abhängigkeiten|requisitos|instalaci[oó]n|instala[cç][aã]o|installazione|dépendances|pr[ée]requis)\b"
    r"|安装|依赖|环境|環境|インストール|必要|설치|установка|зависимости",
    re.I,
)
_TOLD = lazy_pattern(
    r"\A(?:\d+[.)]\s*)?(?:(?:first|then|please|next),?\s+)?(?:you\s+(?:need|have)\s+to\s+)?(?:pip\s+)?install(?:iere|ieren|ez|a|e)?\b"
    r"|\b(?:install(?:ing)?|instal\w+|installer|installier\w*)\b.{0,40}\b(?:requirements|dependenc\w+|packages|libraries|modules"
    r"|dependencias|requisitos|abhängigkeiten|pakete|d[ée]pendances)\b",
    re.I,
)
_WORD = lazy_pattern(r"[A-Za-z][\w.-]*[A-Za-z0-9]")
_LIBRARY = lazy_pattern(rb"^[^#\n]*\b(?:library|require)\(\s*[\"']?([A-Za-z][\w.]*)|^\s*using\s+([A-Z]\w*)", re.M)
_BASE_R = frozenset(
    b"base compiler datasets graphics grDevices grid methods parallel splines stats stats4 tcltk tools utils Base "
    b"Random LinearAlgebra Statistics Printf Dates Test Pkg".split()
)
_DEPLOYING = frozenset({"--use-conda", "--sdm", "--software-deployment-method", "--use-singularity", "--use-apptainer"})
"""Options of Snakemake: https://snakemake.readthedocs.io/en/stable/snakefiles/deployment.html."""
_INSTALLER = lazy_pattern(r"(?:install|set[_-]?up[_-]|requirements)[\w.-]*\.(?:R|sh|bash|py|bat|jl|ps1)\Z", re.I)


@dataclass(frozen=True)
class InstallInstructions(ProjectFact):
    """The first thing found that tells what to install, or None."""

    first: Instruction | None

    @classmethod
    def compute(cls, project: Project) -> InstallInstructions:
        """Read the documents in a reader's order, until one tells."""
        return cls(next(_Installing(project).found(), None))


@dataclass(frozen=True)
class ForeignPackages(ProjectFact):
    """The packages of others that the code loads, sorted."""

    names: tuple[str, ...]
    """What to install: distributions of Python, packages of R and Julia."""
    called: frozenset[str]
    """What they may be called where people write of them: the modules, and whatever distribution gives them."""

    @classmethod
    def compute(cls, project: Project) -> ForeignPackages:
        """Compare imports with the project's own modules and the standard library."""
        modules: set[str] = set()
        others: set[str] = set()
        index = project.fact(ModuleIndex)
        # A script that changes its directory or the path imports what lies elsewhere in the tree.
        own = {posixpath.splitext(posixpath.basename(path))[0] for path in project.files if path.endswith(".py")}
        own |= {posixpath.basename(directory) for directory in project.directories}
        for path, facts in project.file_facts(ImportFacts).items():
            for imported in facts.imports:
                top = imported.module.partition(".")[0]
                unit = unit_of(imported.module)
                if imported.level or imported.kind == "typing" or not top or unit in modules:
                    continue
                if (
                    is_foreign(imported.module)
                    and top not in own
                    and not index.resolve(path, imported.module, 0, imported.name)
                ):
                    modules.add(unit)
        for path in project.files:
            if path.endswith((".R", ".r", ".Rmd", ".jl", ".qmd")):
                try:
                    data = project.files[path].data
                except OSError:
                    continue
                others |= {
                    (match[1] or match[2]).decode()
                    for match in _LIBRARY.finditer(data)
                    if (match[1] or match[2]) not in _BASE_R
                }
        wanted = others | {distributions_of(unit)[0] for unit in modules}
        called = others.union(modules, *map(distributions_of, modules))
        return cls(tuple(sorted(wanted, key=str.lower)), frozenset(called))


class _Installing(Search):
    def in_document(self, document: Document) -> Iterator[Instruction]:
        """What tells in one document; each kind is looked for only if none before it was found."""
        for kind, lines in (
            ("command", self._installs(document)),
            ("launch link", self._built(document)),
            ("manifest", self._manifests(document)),
            ("sentence", self._sentences_naming(document)),
            ("list", self._lists(document)),
            ("documentation site", self.sites(document)),
        ):
            for line in lines:
                yield Instruction(document.path, line, kind)

    def _installs(self, document: Document) -> Iterator[int]:
        for command in document.commands:
            runs_tool = command.wrappers and {"uv run", "pixi run", "poetry run"} & set(command.wrappers)
            if command.kind == "install" or runs_tool or _makes_environment(command.argv) or _in_image(command.argv):
                yield command.line

    def _built(self, document: Document) -> Iterator[int]:
        for link in document.links:
            if _BUILT.match(link.target):
                yield link.line

    def _manifests(self, document: Document) -> Iterator[int]:
        environment = self.project.fact(Environment)
        paths = {manifest.path for manifest in environment.manifests} | {lock.path for lock in environment.locks}
        paths |= {
            path
            for path in self.project.files
            if posixpath.basename(path) in ("Dockerfile", "renv.lock") or _INSTALLER.match(posixpath.basename(path))
        }
        names = {posixpath.basename(path) for path in paths}
        for reference in self.documentation.references(document):
            if reference.path in paths:
                yield reference.line
        for sentence in document.sentences:
            if any(name in sentence.text for name in names):
                yield sentence.line

    def _sentences_naming(self, document: Document) -> Iterator[int]:
        """Sentences that speak of installing or needing, and name a package that the code loads, or a platform."""
        wanted = self._wanted
        for sentence in document.sentences:
            named = _INSTALLS.search(sentence.text) and wanted & set(map(_squeezed, _WORD.findall(sentence.text)))
            if named or _TOLD.search(sentence.text):
                yield sentence.line
        for link in document.links:
            if re.match(r"install|安装", link.text, re.I) and link.target.startswith("http"):
                yield link.line

    def _lists(self, document: Document) -> Iterator[int]:
        """A package, or what to install, under a heading such as "Requirements"."""
        wanted = self._wanted
        parts = [(s.section, s.text, s.line) for s in document.sentences]
        parts += [(block.section, block.text, block.line) for block in document.code]
        for section, text, line in parts:
            if section is None or not _HEADINGS.search(section.text):
                continue
            if wanted & set(map(_squeezed, _WORD.findall(text))) or re.search(r"\binstall\b", text, re.I):
                yield line

    @property
    def _wanted(self) -> set[str]:
        return {_squeezed(name) for name in self.project.fact(ForeignPackages).called}


def _makes_environment(argv: tuple[str, ...]) -> bool:
    """Whether the command that runs a workflow or project first makes the environments that it declares."""
    if argv[:2] in (("nix", "run"), ("mlflow", "run")):
        return True
    options = {word.partition("=")[0] for word in argv}
    return (argv[0] == "snakemake" and not _DEPLOYING.isdisjoint(options)) or (
        argv[0] == "nextflow" and "-profile" in options
    )


def _in_image(argv: tuple[str, ...]) -> bool:
    """Whether the command runs a container image, which has everything installed, or a script that says it does."""
    if argv[0].endswith(".sh") and "docker" in argv[0]:
        return True
    return argv[0] in ("docker", "podman", "singularity", "apptainer", "docker-compose") and len(argv) > 1


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
