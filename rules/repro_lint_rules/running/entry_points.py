"""What there is to run in a project: scripts, notebooks, workflows and applications."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from repro_lint.api import Project, ProjectFact, PythonSource, dataclass, is_template, lazy_pattern

_CODE = [
    "py",
    "pyw",
    "ipynb",
    "r",
    "rmd",
    "qmd",
    "jl",
    "sh",
    "bash",
    "bat",
    "ps1",
    "do",
    "m",
    "pl",
    "sas",
    "scala",
    "java",
    "nf",
    "smk",
    "js",
]
_CODE_SUFFIX = lazy_pattern(rf"\.(?:{'|'.join(_CODE)})\Z", re.I)
_WORKFLOWS = {
    "Snakefile": "snakemake",
    "dvc.yaml": "dvc",
    "main.nf": "nextflow",
    "_targets.R": "targets",
    "MLproject": "mlflow",
}
_NOT_THE_POINT = {  # directories whose programs serve those who develop, test or document the project
    "test", "tests", "testing", "doc", "docs", "ci", "conf", ".ipynb_checkpoints", "__pycache__", "man", "vignettes",
    "renv", "packrat", "bin", "migrations", "site-packages", "third_party", "external", "vendor", "node_modules",
}  # fmt: skip
_TOOL_FILE = lazy_pattern(
    r"(?:setup|conftest|noxfile|fabfile|tasks|versioneer|_version|version|conf|manage_externals|sitecustomize|"
    r"__init__|dodo|build|release|gunicorn_conf|hubconf)\.py\Z|(?:test_.*|.*_test)\.py\Z"
    r"|(?:install|setup|bootstrap|build|entrypoint|postBuild|lint|format|release|deploy|configure|autogen)[\w.-]*\.(?:sh|bash|bat|R)\Z",
    re.I,
)
_SETTING_UP = {  # calls at the top of a module that do no work of their own
    "append", "insert", "basicConfig", "filterwarnings", "simplefilter", "seed", "manual_seed", "use", "set_option",
    "load_dotenv", "set_theme", "set_style", "set", "register", "update", "getLogger", "setLevel", "addHandler",
    "disable", "enable", "extend", "require_version", "install", "add_typer", "include_router", "set_page_config",
    "register_blueprint", "add_middleware", "setdefault", "ignore_warnings", "set_printoptions", "config",
    "enable_eager_execution", "reload", "setrecursionlimit", "set_context", "add_argument", "add", "warn", "main_guard",
}  # fmt: skip
_MAIN_GUARD = lazy_pattern(rb"^if\s+__name__\s*==|^if\s*\(\s*__name__\s*==", re.M)
_PRINT_STATEMENT = lazy_pattern(rb"^print\s", re.M)
_R_DEFINES = lazy_pattern(
    r"(?:[\w.]+|`[^`]+`|\"[^\"]+\")\s*(?:<-|=)\s*function\b|\}|\)|#|(?:library|require|source|suppress\w+|setClass|setMethod"
    r"|setGeneric|options|rm|setwd|cat)\s*\(|NULL\b|\]"
)
_FIRST = lazy_pattern(
    r"(?:main|run|train|app|analysis|pipeline|reproduce|replicate|demo|predict|manage)|.*[_-](?:main|train|analysis|pipeline)\.",
    re.I,
)
_KIND_ORDER = ("workflow", "script", "notebook", "make")


@dataclass(frozen=True)
class EntryPoint:
    """A file that somebody can run. ``command`` starts it from the root of the project."""

    path: str
    kind: str
    command: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class EntryPoints(ProjectFact):
    """All entry points, the likeliest to be meant by "run it" first."""

    found: tuple[EntryPoint, ...]

    @classmethod
    def compute(cls, project: Project) -> EntryPoints:
        """Look at the names of all files, and into those Python, R and Julia files that may only define things."""
        found = sorted(_find(project), key=_rank)
        if all(entry.kind == "make" or _is_helper(entry) for entry in found):
            found = []
        return cls(tuple(found))


def _is_helper(entry: EntryPoint) -> bool:
    """A shell script away from the root: where there is nothing else, it is for the keeping of data or documents."""
    return entry.path.endswith((".sh", ".bash")) and "/" in entry.path


def is_code(path: str) -> bool:
    """Whether a file of this name could be what a sentence tells the reader to run."""
    name = path.rpartition("/")[2]
    return bool(_CODE_SUFFIX.search(name)) or name in _WORKFLOWS or name in ("Makefile", "makefile", "GNUmakefile")


def _rank(entry: EntryPoint) -> tuple[int, bool, int, str]:
    return entry.path.count("/"), not _FIRST.match(entry.name), _KIND_ORDER.index(entry.kind), entry.path


def _find(project: Project) -> Iterator[EntryPoint]:
    r_package = _is_r_package(project)
    packages = {path.rpartition("/")[0] for path in project.files if path.endswith("/__init__.py")}
    for path in project.files:
        directory, _, name = path.rpartition("/")
        if _NOT_THE_POINT & set(directory.lower().split("/")) or is_template(path) or directory.startswith("."):
            continue
        if name in _WORKFLOWS:
            yield EntryPoint(path, "workflow", _workflow(path, name))
        elif name in ("Makefile", "makefile", "GNUmakefile"):
            yield EntryPoint(path, "make", f"make -C {_quoted(directory)}" if directory else "make")
        elif _TOOL_FILE.match(name):
            continue
        elif name.endswith(".ipynb"):
            yield EntryPoint(path, "notebook", f"jupyter lab {_quoted(path)}")
        elif name.endswith(".py"):
            if _is_script(project, path, in_package=directory in packages):
                module = path[:-3].replace("/", ".")
                inside = directory in packages
                yield EntryPoint(path, "script", f"python -m {module}" if inside else f"python {_quoted(path)}")
        elif found := _other(project, path, name, r_package):
            yield found


def _other(project: Project, path: str, name: str, r_package: bool) -> EntryPoint | None:
    lowered = name.lower()
    if lowered.endswith(".rmd") and lowered not in ("readme.rmd", "index.rmd"):
        return EntryPoint(path, "notebook", f"Rscript -e 'rmarkdown::render(\"{path}\")'")
    if lowered.endswith(".qmd") and lowered not in ("readme.qmd", "index.qmd", "about.qmd", "references.qmd"):
        if b"```{" not in _data(project, path):
            return None
        return EntryPoint(path, "notebook", f"quarto render {_quoted(path)}")
    if lowered.endswith((".data.r", ".init.r")):  # what CmdStan and rstan dump for a model
        return None
    if lowered.endswith(".r") and not r_package and not path.startswith("R/") and _has_top_level_r(project, path):
        return EntryPoint(path, "script", f"Rscript {_quoted(path)}")
    if lowered.endswith(".jl") and _has_top_level_julia(project, path):
        return EntryPoint(path, "script", f"julia --project {_quoted(path)}")
    if lowered.endswith((".sh", ".bash")):
        return EntryPoint(path, "script", f"bash {_quoted(path)}")
    if lowered.endswith(".do"):
        return EntryPoint(path, "script", f"stata -b do {_quoted(path)}")
    return None


def _workflow(path: str, name: str) -> str:
    directory = path.rpartition("/")[0]
    commands = {
        "Snakefile": f"snakemake --cores 1 -s {_quoted(path)}" if directory else "snakemake --cores 1",
        "dvc.yaml": f"dvc repro {_quoted(path)}" if directory else "dvc repro",
        "main.nf": f"nextflow run {_quoted(path)}",
        "_targets.R": "Rscript -e 'targets::tar_make()'",
        "MLproject": f"mlflow run {_quoted(directory) or '.'}",
    }
    return commands[name]


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path


def _data(project: Project, path: str) -> bytes:
    try:
        return project.files[path].data
    except OSError:
        return b""


def _is_script(project: Project, path: str, in_package: bool) -> bool:
    data = _data(project, path)
    if b"__main__" in data and _MAIN_GUARD.search(data):
        return True
    if in_package:
        return path.endswith("/__main__.py")
    source = project.load(PythonSource, path)
    if source is None:
        return False
    if source.syntax_errors:  # Python 2, mostly
        return bool(_PRINT_STATEMENT.search(data))
    return any(_works(statement) for statement in source.tree.body)


def _works(statement: ast.stmt) -> bool:
    """Whether a statement at the top of a module does something when it is run rather than imported."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        return name not in _SETTING_UP
    if isinstance(statement, (ast.For, ast.While, ast.With)):
        inner = (s for s in ast.walk(statement) if isinstance(s, ast.stmt) and s is not statement)
        return any(_works(s) for s in inner)
    return False


def _is_r_package(project: Project) -> bool:
    return "DESCRIPTION" in project.files and "NAMESPACE" in project.files


def _has_top_level_r(project: Project, path: str) -> bool:
    text = _data(project, path).decode("utf-8", "replace")
    return any(line and not line[0].isspace() and not _R_DEFINES.match(line) for line in text.splitlines())


def _has_top_level_julia(project: Project, path: str) -> bool:
    text = _data(project, path).decode("utf-8", "replace")
    if re.search(r"^module\s", text, re.M):
        return False
    return bool(
        re.search(
            r"^(?!function|struct|mutable|end|using|import|include|const|abstract|macro|export|begin|@)[\w.]+!?\(",
            text,
            re.M,
        )
    )
