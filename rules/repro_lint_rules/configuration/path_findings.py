"""From a path and its use to a judgement: how sure one can be, what to say, and what to write instead."""

from __future__ import annotations

import posixpath
import re

from repro_lint.api import Confidence, Place, Project, Severity, dataclass, lazy_pattern
from repro_lint_rules.configuration.machine_paths import MachinePath
from repro_lint_rules.configuration.path_uses import Use
from repro_lint_rules.configuration.roots import CONTAINERS, Tier, words


@dataclass(frozen=True)
class Occurrence:
    """A path with its place, its use, and the name of what it is bound to. ``reads`` tells that a file is opened."""

    path: MachinePath
    place: Place
    use: Use
    name: str | None = None
    reads: bool = False


@dataclass(frozen=True)
class Judgement:
    """The grades of a finding."""

    severity: Severity
    confidence: Confidence


_TEST = lazy_pattern(
    r"(?:^|/)(?:tests?|testing|fixtures?|__tests__|test[_-]?data|mocks?|[\w-]+_tests?)/|(?:^|/)(?:test_[^/]*|[^/]*_tests?|conftest)\.\w+$",
    re.I,
)
_CONTAINER_FILE = lazy_pattern(
    r"(?:^|/)\.?(?:docker\w*|kubernetes|k8s|kserve|helm|containers?|devcontainer|singularity|apptainer)/", re.I
)
_PLATFORM_NAME = lazy_pattern(r"kaggle|colab|gdrive|dbfs|databricks|sagemaker", re.I)
_DATA_FILE = lazy_pattern(
    r"\.(?:csv|tsv|txt|json\w?|parquet|xlsx?|h5|hdf5?|npy|npz|pkl|pickle|pth?|ckpt|zip|gz|jpe?g|png|nc|mat|rds)$", re.I
)
_GENERIC = words("f x p fn wd df data path file filename root a b t r s file_path filepath fname dirname default self")
_CODE = lazy_pattern(r"\.(?:py|r|jl|sh|ipynb|ya?ml|toml|ini|cfg)$", re.I)
_OUTPUT = lazy_pattern(r"out|result|save|log|ckpt|checkpoint|export|plot|fig", re.I)
_LONGEST = 72


def is_test_file(path: str) -> bool:
    """Whether the file is a test or belongs to tests."""
    return _TEST.search(path) is not None


def judge(occurrence: Occurrence, source_path: str) -> Judgement | None:
    """The grades of the finding, or None where there is nothing to report."""
    path, use = occurrence.path, occurrence.use
    severity, confidence = Severity.WARNING, _confidence(occurrence)
    if confidence is None or use is Use.NONE:
        return None
    if path.tier is Tier.OTHER or use is Use.LOOKUP:
        severity = Severity.NOTE
    if use is Use.LOOKUP or path.doubtful or is_test_file(source_path) or _has_its_place(occurrence, source_path):
        confidence = Confidence.LOW
    return Judgement(severity, confidence)


def _has_its_place(occurrence: Occurrence, source_path: str) -> bool:
    """Whether the code knows that it speaks of a container or of one platform among others."""
    path = occurrence.path
    if _CONTAINER_FILE.search(source_path):
        return path.root == "/root" or path.tier not in (Tier.HOME, Tier.DRIVE)
    if path.tier is Tier.HOSTED and occurrence.name and _PLATFORM_NAME.search(occurrence.name):
        return True
    is_python = source_path.endswith((".py", ".pyw", ".ipynb"))
    return not is_python and (path.platform in CONTAINERS or path.text.startswith("/root/."))


def _confidence(occurrence: Occurrence) -> Confidence | None:
    path, use = occurrence.path, occurrence.use
    used = use.value >= Use.NAMED.value
    high, medium, low = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
    if path.tier is Tier.HOME:
        if path.bare or path.text.startswith(("~", "/root")):
            return (low if use is Use.OPTION else medium) if used else None
        if path.ambiguous and not used:
            return low
        return medium if use is Use.OPTION else high
    if path.tier is Tier.DRIVE:
        if path.ambiguous:
            return medium if used else low
        return medium if use is Use.OPTION else high
    if path.bare and path.ambiguous:
        return low if used else None
    if use is Use.OPTION and path.tier is not Tier.SHARED:
        return low
    if path.tier is Tier.HOSTED:
        if path.ambiguous:
            return medium if used else low
        return high if used and not path.bare else medium
    if path.tier is Tier.SHARED:
        if path.bare:
            return None
        if path.ambiguous:
            return medium if used else low
        return high if used and use is not Use.OPTION else medium
    if path.tier is Tier.DATA:
        return medium if used else None
    if not occurrence.reads:
        return None
    certain = _DATA_FILE.search(path.text) and len(path.segments) >= 2
    return medium if certain else low


def shortened(text: str) -> str:
    """The path with its middle left out where it is long."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:32]}…{text[-36:]}"


def message(occurrence: Occurrence, what: str) -> str:
    """What the path ties the code, the notebook or the file to."""
    path = occurrence.path
    told = f"`{shortened(path.text)}` ties the {what} to {path.where}"
    if path.tier in (Tier.HOME, Tier.SHARED, Tier.DATA) and path.root != path.text.rstrip("/\\"):
        told += f" (`{path.root}`)"
    if occurrence.use is Use.OPTION:
        return f"{told}, the default of `{occurrence.name}`" if occurrence.name else f"{told}, as a default"
    if occurrence.use is Use.LOOKUP:
        return f"{told} wherever `{occurrence.name}` is not set" if occurrence.name else f"{told}, as a default"
    return told


def advice(occurrence: Occurrence, project: Project, source_path: str, language: str) -> str:
    """What to write instead, in the language of the file: ``python``, ``notebook``, ``r``, ``shell`` or ``config``."""
    path = occurrence.path
    own = _own_copy(path, project, "" if language == "r" else source_path)
    local = own or _local_name(occurrence)
    variable = variable_name(occurrence)
    if language == "r":
        parts = ", ".join(f'"{part}"' for part in local.split("/"))
        if any("setwd(" in line for line in occurrence.place.excerpt):
            return "leave setwd() out: open the project in its own folder and write here::here(...) for its files"
        if own:
            return f"here::here({parts}) is the same file in this repository"
        return f'here::here({parts}) if it can live in the project, else Sys.getenv("{variable}")'
    if language == "shell":
        if own:
            return f'`"$(dirname "$0")/{own}"` is in this repository'
        return f'let whoever runs it say where: "${{{variable}:?is not set}}", or an argument of the script'
    if language == "config":
        if own:
            return f"write `{own}`, which is in this repository, and resolve it against the file"
        return f"write a path relative to the repository (`{local}`), or keep the settings of one machine out of git"
    lines = "\n".join(occurrence.place.excerpt)
    if "sys.path" in lines:
        return "install the modules as a package (`pip install -e .`) and leave sys.path as it is"
    if "chdir(" in lines:
        return "leave the directory as it is, and name each file relative to the program or by an option"
    here = f'Path("{local}")' if language == "notebook" else f'Path(__file__).parent / "{local}"'
    if own:
        return f"{here} is the same file in this repository"
    return f'{here} if it can live in the repository, else os.environ["{variable}"] or an option'


def variable_name(occurrence: Occurrence) -> str:
    """A name for the environment variable that replaces the path, after what it is bound to."""
    name = (occurrence.name or "").lstrip("-")
    if name.lower() in _GENERIC or not re.fullmatch(r"[A-Za-z_][\w.-]*", name):
        return "DATA_FILE" if _names_file(occurrence.path) else "DATA_DIR"
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", snake).strip("_").upper()


def _local_name(occurrence: Occurrence) -> str:
    """Where in a repository the file or directory could be."""
    path = occurrence.path
    if _names_file(path) and _CODE.search(path.segments[-1]):
        return path.segments[-1]
    folder = "results" if occurrence.name and _OUTPUT.search(occurrence.name) else "data"
    return f"{folder}/{path.segments[-1]}" if _names_file(path) else folder


def _names_file(path: MachinePath) -> bool:
    last = path.segments[-1] if path.segments else ""
    return bool(re.fullmatch(r"[^*?]+\.\w{1,8}", last))


def _own_copy(path: MachinePath, project: Project, source_path: str) -> str | None:
    """The file of the repository that the path ends in, relative to the file that names it."""
    segments = path.segments
    for start in range(len(segments)):
        candidate = "/".join(segments[start:])
        if candidate in project.files and (start < len(segments) - 1 or "/" not in candidate):
            return posixpath.relpath(candidate, posixpath.dirname(source_path) or ".")
    return None
