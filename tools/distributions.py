"""Write what distributions hold and what they require, as data for the rules about imports and manifests.

    python tools/distributions.py look NAMES SEEN --index URL       the modules that each holds, into SEEN (JSON)
    python tools/distributions.py trace NAMES NEEDED --index URL    what each requires, and those in turn, into NEEDED
    python tools/distributions.py write SEEN NEEDED                 the tables

``NAMES`` has a distribution per line, the most used first; what SEEN or NEEDED knows already is not asked for again.
``URL`` is that of an index that answers in JSON (PEP 691) and serves pieces of files. Nothing is installed or run: of
the newest wheel only the list of its files or its metadata are fetched, and of what has no wheel ``top_level.txt``.
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
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

from pip._internal.network.lazy_wheel import LazyZipOverHTTP
from pip._internal.network.session import PipSession
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from pip._vendor.packaging.version import Version

from repro_lint.api import canonical_name
from repro_lint_rules.environment.names import called_like, names

_FOLDER_OF_TABLES = Path(__file__).parent.parent / "rules" / "repro_lint_rules" / "environment"
_JSON = "application/vnd.pypi.simple.v1+json"
_PIECE = 1 << 16
_LARGEST = 4_000_000
"""Bytes of a source distribution, which has to be read as a whole."""
_CONNECTIONS = 12
_SAVED = 500
Known = dict[str, list[str] | None]
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


def gather(ask: Callable[[str], list[str] | None], wanted: Sequence[str], known: Known, file: Path) -> None:
    """Add the answers to ``known``, None where nobody can tell, and save them from time to time."""
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        for start in range(0, len(wanted), _SAVED):
            names_asked = wanted[start : start + _SAVED]
            known.update(zip(names_asked, pool.map(ask, names_asked), strict=True))
            file.write_text(json.dumps(known), encoding="utf-8")


def module_table(seen: Mapping[str, list[str] | None]) -> dict[str, list[str]]:
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
    for module, given in found.items():
        if module in (seen.get(canonical_name(module)) or ()):
            given.insert(0, canonical_name(module))  # which is what people mean
    return {module: given for module, given in sorted(found.items()) if len(given) <= _SHARED}


def brought_table(needed: Mapping[str, list[str] | None]) -> dict[str, list[str]]:
    """What each distribution requires of what anything in ``needed`` was asked for."""
    return {name: sorted(set(required)) for name, required in sorted(needed.items()) if required}


def held(name: str, index: str) -> list[str] | None:
    """The modules at the top of the newest release, or None."""
    try:
        file = _newest(name, index)
        if file is None:
            return None
        return _in_wheel(file["url"]) if file["filename"].endswith(".whl") else _in_source(file)
    except Exception as error:  # an index, an archive or its packing may be broken in any way
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def required(name: str, index: str) -> list[str] | None:
    """What the newest release requires here without any extra, normalised, or None."""
    try:
        file = _newest(name, index)
        if file is None or not file["filename"].endswith(".whl"):
            return None
        with LazyZipOverHTTP(file["url"], PipSession(), _PIECE) as wheel, zipfile.ZipFile(wheel) as archive:
            about = next(member for member in archive.namelist() if member.endswith(".dist-info/METADATA"))
            metadata = message_from_bytes(archive.read(about))
        found = map(Requirement, metadata.get_all("Requires-Dist", ()))
        return [canonical_name(r.name) for r in found if r.marker is None or r.marker.evaluate({"extra": ""})]
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def _newest(name: str, index: str) -> dict[str, Any] | None:
    """The smallest wheel of the last release that has one, else its source."""
    listed = json.loads(_get(f"{index.rstrip('/')}/{name}/", _JSON))["files"]
    files = [(version, file) for file in listed if (version := _version(file["filename"]))]
    files = [item for item in files if item[1]["filename"].endswith(".whl")] or files
    last = max((version for version, _ in files), default=None, key=lambda v: (not v.is_prerelease, v))
    return min((file for version, file in files if version == last), default=None, key=lambda f: f.get("size") or 0)


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
    for command in ("look", "trace"):
        asking = commands.add_parser(command)
        asking.add_argument("names", type=Path)
        asking.add_argument("known", type=Path)
        asking.add_argument("--index", required=True)
    writing = commands.add_parser("write")
    writing.add_argument("seen", type=Path)
    writing.add_argument("needed", type=Path)
    options = parser.parse_args()
    if options.command == "write":
        seen, needed = (json.loads(file.read_text(encoding="utf-8")) for file in (options.seen, options.needed))
        _write("module_names.txt", "hold", len(seen), module_table(seen))
        _write("brought.txt", "require", len(needed), brought_table(needed))
        return
    known: Known = json.loads(options.known.read_text(encoding="utf-8")) if options.known.exists() else {}
    asked = options.names.read_text(encoding="utf-8").split()
    ask = partial(held if options.command == "look" else required, index=options.index)
    while wanted := [name for name in asked if name not in known]:
        gather(ask, wanted, known, options.known)
        if options.command == "trace":
            asked = sorted({name for found in known.values() for name in found or ()})


def _write(file: str, verb: str, count: int, table: Mapping[str, list[str]]) -> None:
    head = f"# What the newest releases of {count} distributions {verb}, on {date.today()}: tools/distributions.py"
    lines = [head, *(f"{name} {' '.join(found)}" for name, found in table.items())]
    (_FOLDER_OF_TABLES / file).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _main()
