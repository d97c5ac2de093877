"""What the name of an image says about which image it will be."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tomli

from repro_lint.api import dataclass, lazy_pattern

_DIGIT = lazy_pattern(r"\d")
_VERSION = lazy_pattern(r"v?\d")
_HUB = ("docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/", "library/")


@dataclass(frozen=True)
class _Knowledge:
    official: frozenset[str]
    moving: frozenset[str]
    languages: dict[str, str]


@cache
def _knowledge() -> _Knowledge:
    table = tomli.loads(Path(__file__).with_name("images.toml").read_text(encoding="utf-8"))
    official, moving = (frozenset(table[key].split()) for key in ("official", "moving"))
    return _Knowledge(official, moving, table["languages"])


@dataclass(frozen=True)
class ImageName:
    """The parts of ``registry/owner/name:tag@digest``; those that are not given are empty."""

    name: str
    tag: str
    digest: str

    @property
    def common_name(self) -> str:
        """The name without what Docker Hub adds by itself."""
        return next((self.name.removeprefix(hub) for hub in _HUB if self.name.startswith(hub)), self.name)


def parse_image(reference: str) -> ImageName:
    """The parts of a reference to an image; the port of a registry is no tag."""
    rest, _, digest = reference.partition("@")
    path, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        path, tag = rest, ""
    return ImageName(path, tag, digest)


def is_local(image: ImageName) -> bool:
    """Whether no registry has an image of this name, so that it must have been built on the machine itself."""
    common = image.common_name
    return "/" not in common and common.lower() not in _knowledge().official and "." not in common


def what_moves(image: ImageName) -> str | None:
    """Why the name may be another image tomorrow, as the end of a sentence about it; None if it names a version."""
    if image.digest:
        return None
    if not image.tag:
        return "has no tag: the build takes whatever image is newest"
    known = _knowledge()
    words = image.tag.lower().replace("_", "-").split("-")
    if "latest" in words or (words[0] in known.moving and not _DIGIT.search(image.tag)):
        return f"moves with each release: `{image.tag}` names no version"
    language = known.languages.get(image.common_name)
    versioned = any(_VERSION.match(word) for word in words[:2])
    if language and not versioned and image.tag.islower():  # PYTHON_VERSION_NOT_SET asks for one
        return f"names no version of {language}"
    return None
