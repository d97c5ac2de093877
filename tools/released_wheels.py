"""Fetch the Python text of released wheels, one release for each minor version, without installing or running it.

pip does the fetching, from whatever index it is configured with. Only wheels are taken: asking for a source
distribution would run its setup script. Of a wheel the Python files are kept, their stubs, the metadata, style sheets,
and the names of compiled modules (as empty files). Of wheels of a gigabyte only the pieces with those are fetched, as
pip itself does for metadata.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pip._internal.network.lazy_wheel import LazyZipOverHTTP
from pip._internal.network.session import PipSession

_LINUX = ("manylinux1", "manylinux2010", "manylinux2014", "manylinux_2_17", "manylinux_2_27", "manylinux_2_28")
_MAC = (
    *(f"macosx_10_{minor}_x86_64" for minor in range(6, 16)),
    *(f"macosx_{major}_0_{machine}" for major in range(11, 15) for machine in ("arm64", "x86_64")),
)
_PYTHONS = ("3.12", "3.10", "3.8", "3.7", "3.6", "3.5", "2.7")
"""The newest release of each minor version has a wheel for one of these, where it has one at all."""
_RELEASE = re.compile(r"(\d+)(?:\.(\d+))?(?:\.\d+)*(?:\.post\d+)?")
_KEPT = (".py", ".pyi", ".mplstyle")
_COMPILED = re.compile(r"(?P<stem>[^/]+?)(?:\.[\w-]+)?\.(?:so|pyd)$")
_DATA = re.compile(r"^[^/]+\.data/(?:purelib|platlib)/")
_OTHER = re.compile(r"(?:^|/)(?:tests?|testing/tests|benchmarks|include|_vendor|third_party)/")
_TIMEOUT = 900
_PIECE = 1 << 20
"""How many bytes are asked for at a time."""


@dataclass(frozen=True)
class Release:
    """A release of a distribution, and the version of Python that its wheel is for."""

    distribution: str
    version: str
    python: str


def releases(distribution: str, *, mac: bool = False) -> list[Release]:
    """The last release of each minor version that has a wheel, oldest first."""
    newest: dict[tuple[int, int], Release] = {}
    for python in _PYTHONS:
        command = _pip("index", "versions", distribution, "--json", *_target(python, mac=mac))
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
        listed = json.loads(answer.stdout)["versions"] if answer.returncode == 0 else []
        for version in listed:
            match = _RELEASE.fullmatch(version)
            if match is None:
                continue
            minor = (int(match[1]), int(match[2] or 0))
            if minor not in newest or order(newest[minor].version) < order(version):
                newest[minor] = Release(distribution, version, python)
    return [newest[minor] for minor in sorted(newest)]


def order(version: str) -> tuple[int, ...]:
    """What plain releases are sorted by."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def fetch(release: Release, cache: Path, *, mac: bool = False, pip: Sequence[str] = ()) -> Path | None:
    """The folder with what is kept of the release, fetched unless it is there; None where pip cannot get it.

    ``pip`` is the command to fetch with: since 24.1 it refuses some old releases for how they write requirements.
    """
    folder = cache / release.distribution / release.version
    if folder.is_dir():
        return folder
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        wanted = f"{release.distribution}=={release.version}"
        options = ("download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", scratch, wanted)
        command = [*pip, *options] if pip else _pip(*options)
        answer = subprocess.run(
            [*command, *_target(release.python, mac=mac)], capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
        wheel = next(Path(scratch).glob("*.whl"), None)
        if wheel is None:
            print(f"{wanted}: {answer.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return None
        unpacked = Path(scratch, "unpacked")
        unpacked.mkdir()
        _unpack(wheel, unpacked)
        folder.parent.mkdir(parents=True, exist_ok=True)
        unpacked.rename(folder)
    return folder


def fetch_pieces(release: Release, cache: Path) -> Path | None:
    """As ``fetch``, without the parts of the wheel that are not kept. The index has to serve ranges of files."""
    folder = cache / release.distribution / release.version
    if folder.is_dir():
        return folder
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        report = Path(scratch, "report.json")
        wanted = f"{release.distribution}=={release.version}"
        options = ("install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--no-cache-dir")
        command = _pip(*options, "--report", str(report), "--target", str(Path(scratch, "nothing")), wanted)
        answer = subprocess.run(
            [*command, *_target(release.python, mac=False)],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
        if not report.is_file():
            print(f"{wanted}: {answer.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return None
        url = json.loads(report.read_text(encoding="utf-8"))["install"][0]["download_info"]["url"]
        unpacked = Path(scratch, "unpacked")
        unpacked.mkdir()
        with LazyZipOverHTTP(url, PipSession(), _PIECE) as wheel:
            _unpack(wheel, unpacked)
        folder.parent.mkdir(parents=True, exist_ok=True)
        unpacked.rename(folder)
    return folder


def _unpack(wheel: Path | LazyZipOverHTTP, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = sorted(archive.infolist(), key=lambda member: member.header_offset)
        names = [member.filename for member in members if not _OTHER.search(member.filename)]
        for name in names:
            if name.endswith(_KEPT) or name.endswith(".dist-info/METADATA"):
                target = folder / _DATA.sub("", name)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
        for name in names:
            if match := _COMPILED.search(name):
                target = folder / _DATA.sub("", name).rpartition("/")[0] / f"{match['stem']}.compiled"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()


def _pip(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]


def _target(python: str, *, mac: bool) -> Iterator[str]:
    """What makes pip look for wheels of that Python, whatever it runs on itself."""
    platforms: Sequence[str] = _MAC if mac else [f"{name}_x86_64" for name in _LINUX]
    number = python.replace(".", "")
    for platform in platforms:
        yield from ("--platform", platform)
    for abi in (f"cp{number}", f"cp{number}m", f"cp{number}mu", "abi3", "none"):
        yield from ("--abi", abi)
    yield from ("--only-binary=:all:", "--implementation", "cp", "--python-version", python)
