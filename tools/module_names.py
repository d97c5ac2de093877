"""Write which modules the wheels of distributions hold that are not called like them, for the rule undeclared-import.

    python tools/module_names.py look NAMES SEEN --index URL    what the newest release of each holds, into SEEN (JSON)
    python tools/module_names.py write SEEN                     the table

``NAMES`` has a distribution per line, the most used first; what SEEN knows already is not asked for again. ``URL`` is
that of an index that answers in JSON (PEP 691). Nothing is installed or run: of a wheel only the list of its files is
read, and of what has no wheel ``top_level.txt``.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tarfile
import urllib.request
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from pip._internal.network.lazy_wheel import LazyZipOverHTTP
from pip._internal.network.session import PipSession
from pip._vendor.packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from pip._vendor.packaging.version import Version

from repro_lint_rules.environment.names import called_like, names

_TABLE = Path(__file__).parent.parent / "rules" / "repro_lint_rules" / "environment" / "module_names.txt"
_JSON = "application/vnd.pypi.simple.v1+json"
_PIECE = 1 << 16
_LARGEST = 4_000_000
"""Bytes of a source distribution, which has to be read as a whole."""
_CONNECTIONS = 12
_SHARED = 6
"""What more distributions than these hold is a name that each gave by mistake."""
_BUNDLE = 40
"""What holds more modules than these gives each of them under another name, too."""
_FOLDER = re.compile(r"(?:[^/]+\.data/(?:purelib|platlib)/)?([A-Za-z]\w*)/.*\.(?:py|so|pyd)$")
_FILE = re.compile(r"(?:[^/]+\.data/(?:purelib|platlib)/)?([A-Za-z]\w*)(?:\.[\w-]+)?\.(?:py|so|pyd)$")
_COMPILED = re.compile(r"[0-9a-f]{16,}__mypyc$")
_MISTAKEN = frozenset(
    """
    api app apps asset assets benchmark benchmarks bin binder build certs ci cli client common conf config configs
    conftest core data datasets demo demos dev dist doc docs etc eval evaluation example examples experiments fixtures
    helper helpers images img integration lib lib64 libs license licenses licensing main migrations misc model models
    module modules notebook notebooks out output package packages plugins project python recipes resources run sample
    samples schema schemas script scripts server service services settings setup share source sphinx src static stubs
    task tasks template templates test testing tests third_party tool tools train trainer training tutorial tutorials
    types typings util utilities utils vendor version
    """.split()
)
"""What wheels hold beside the modules they are for, and what the files of a project are called."""


def look(distributions: Iterable[str], seen: dict[str, list[str] | None], index: str, file: Path) -> None:
    """Add what the distributions hold to ``seen``, None where nobody can tell, and save it from time to time."""
    wanted = [name for name in distributions if name not in seen]
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        for number, (name, modules) in enumerate(pool.map(lambda name: (name, _held(name, index)), wanted)):
            seen[name] = modules
            if number % 500 == 0:
                file.write_text(json.dumps(seen), encoding="utf-8")
    file.write_text(json.dumps(seen), encoding="utf-8")


def table(seen: Mapping[str, list[str] | None]) -> dict[str, list[str]]:
    """The distributions of each module whose name does not lead to them, in the order they were asked for."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    others = _MISTAKEN | names().standard | names().namespaces
    for name, modules in seen.items():
        for module in modules if modules and len(modules) <= _BUNDLE else ():
            plain = (
                module.isidentifier()
                and not module.startswith("_")
                and not _COMPILED.match(module)
                and others.isdisjoint({module, module.lower()})
            )
            if plain and name not in called_like(frozenset({module}), module):
                found[module].append(name)
    return {module: given for module, given in sorted(found.items()) if len(given) <= _SHARED}


def _held(name: str, index: str) -> list[str] | None:
    try:
        listed = json.loads(_get(f"{index.rstrip('/')}/{name}/", _JSON))["files"]
        files = [(version, file) for file in listed if (version := _version(file["filename"]))]
        wheels = [item for item in files if item[1]["filename"].endswith(".whl")]
        version = max((version for version, _ in wheels or files), default=None, key=lambda v: (not v.is_prerelease, v))
        newest = [file for found, file in wheels or files if found == version]
        if not newest:
            return None
        smallest = min(newest, key=lambda file: file.get("size") or 0)
        return _in_wheel(smallest["url"]) if wheels else _in_source(smallest)
    except Exception as error:  # an index, an archive or its packing may be broken in any way
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def _version(filename: str) -> Version | None:
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[1]
        return parse_sdist_filename(filename)[1]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


def _in_wheel(url: str) -> list[str]:
    with LazyZipOverHTTP(url, PipSession(), _PIECE) as wheel:
        files = zipfile.ZipFile(wheel).namelist()
    return sorted({match[1] for file in files if (match := _FOLDER.match(file) or _FILE.match(file))})


def _in_source(file: Mapping[str, Any]) -> list[str] | None:
    if (file.get("size") or 0) > _LARGEST or not file["filename"].endswith(".tar.gz"):
        return None
    with tarfile.open(fileobj=io.BytesIO(_get(file["url"]))) as archive:
        lists = [name for name in archive.getnames() if name.endswith(".egg-info/top_level.txt")]
        text = archive.extractfile(min(lists, key=len)) if lists else None
        return text.read().decode().split() if text else None


def _get(url: str, accept: str = "*/*") -> bytes:
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
    return content


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    looking = commands.add_parser("look")
    looking.add_argument("names", type=Path)
    looking.add_argument("seen", type=Path)
    looking.add_argument("--index", required=True)
    commands.add_parser("write").add_argument("seen", type=Path)
    options = parser.parse_args()
    seen = json.loads(options.seen.read_text(encoding="utf-8")) if options.seen.exists() else {}
    if options.command == "look":
        look(options.names.read_text(encoding="utf-8").split(), seen, options.index, options.seen)
        return
    lines = [f"{module} {' '.join(given)}" for module, given in table(seen).items()]
    head = f"# Measured in the newest releases of {len(seen)} distributions on {date.today()}: tools/module_names.py"
    _TABLE.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _main()
