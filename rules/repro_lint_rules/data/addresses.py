"""Web addresses of data: what is behind them, and whether that can change."""

from __future__ import annotations

import re

from repro_lint.api import dataclass, lazy_pattern

_MOVING = r"(?:master|main|develop|devel|dev|trunk|HEAD|latest|gh-pages)"
_HOSTS = lazy_pattern(
    rf"""https?://(?:www\.)?(?:
      (?:
        raw\.github(?:usercontent)?\.com/[\w.-]+/[\w.-]+/
      | github\.com/[\w.-]+/[\w.-]+/(?:raw|blob)/
      | (?:media\.githubusercontent\.com/media|cdn\.jsdelivr\.net/gh|rawgit\.com|cdn\.rawgit\.com)/[\w.-]+/[\w.-]+[/@]
      | gitlab\.[\w.]+/[\w./-]{{1,100}}?/raw/
      | huggingface\.co/(?:datasets/|spaces/)?[\w.-]+(?:/[\w.-]+)?/(?:resolve|raw|blob)/
      )(?P<branch>refs/heads/[\w.-]+|{_MOVING})/
    | github\.com/[\w.-]+/[\w.-]+/archive/(?:refs/heads/)?(?P<archive>{_MOVING})\.(?:zip|tar\.gz|tgz)
    | github\.com/[\w.-]+/[\w.-]+/releases/(?P<release>latest)/download/
    )""",
    re.X,
)
_DATA_SUFFIX = lazy_pattern(
    r"\.(?:csv|tsv|txt|dat|data|json|jsonl|ndjson|xlsx?|parquet|feather|arrow|h5|hdf5?|npy|npz|pkl|pickle|mat|rda|rds|sav|dta|sas7bdat"
    r"|zip|gz|tgz|bz2|xz|zst|7z|tar|pt|pth|ckpt|onnx|pb|bin|safetensors|joblib|model|weights|tif|tiff|geojson|shp|gpkg|kml|topojson"
    r"|nc|grib2?|fits|fa|fasta|fastq|gff3?|gtf|bed|vcf|bam|h5ad|wav|mp3|flac|mp4|avi|jpe?g|png|gif|db|sqlite3?|xml|arff|yaml|yml|names|test|all-data|pcap|nii|dcm)"
    r"(?:\.(?:gz|bz2|xz|zip))?(?:[?#].*)?$",
    re.I,
)
_PROGRAMS = lazy_pattern(
    r"\.(?:py|sh|whl|deb|rpm|exe|msi|dmg|pkg|jar|js|css|html?|ipynb|md|rst|pdf|svg|ya?ml|toml|cfg|ini|r|jl)(?:[?#].*)?$"
    r"|(?:^|/)(?:requirements[\w.-]*|environment[\w.-]*|setup|install[\w.-]*|get-pip|Dockerfile|Makefile|LICENSE)(?:\.\w+)?$"
    r"|(?:mini|ana)conda|mambaforge|miniforge|micromamba|cuda|cudnn|libnvinfer|spark-\d|hadoop-\d|jdk|openjdk|chromedriver|geckodriver"
    r"|/fonts?/|\.ttf|\.otf|swig|cmake|protoc|ngrok|bazel|nodejs|golang|ta-lib|terraform|gcloud|google-cloud-sdk",
    re.I,
)
_COMMIT = lazy_pattern(r"[/@][0-9a-f]{40}(?:[/.]|$)|/refs/tags/|sha256[=:]|[?&]versionId=", re.I)


@dataclass(frozen=True)
class MovingAddress:
    """An address whose content changes with a branch or a release; ``what`` tells with which."""

    address: str
    what: str


def moving(address: str) -> MovingAddress | None:
    """What an address depends on that moves, or None."""
    match = _HOSTS.match(address)
    if match is None:
        return None
    branch = match["branch"] or match["archive"]
    what = f"the branch `{branch.removeprefix('refs/heads/')}`" if branch else "the latest release"
    return MovingAddress(address, what)


def is_data(address: str) -> bool:
    """Whether the address ends like that of data, a model or an archive, and not like that of code or a page."""
    return _DATA_SUFFIX.search(address) is not None and not is_program(address)


def is_program(address: str) -> bool:
    """Whether what is behind the address is software, a page or a document."""
    return _PROGRAMS.search(address) is not None


def is_fixed(address: str) -> bool:
    """Whether the address itself says which content it has: a commit or a tag."""
    return _COMMIT.search(address) is not None
