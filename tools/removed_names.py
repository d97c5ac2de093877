"""Write which names and keywords the releases of libraries have lost and gained, for the rule removed-api.

    python -m tools.removed_names fetch CACHE [LIBRARY ...]     the text of each minor release
    python -m tools.removed_names write CACHE [LIBRARY ...]     a table for each library

What is fetched comes from the index that pip is configured with, and is only read (see ``public_surface``). Each table
says which releases were read, and on which day. Without a list of libraries it does all.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import hashlib
import pickle
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

from tools.described_libraries import LIBRARIES, Library
from tools.module_text import Class, Module, Signature
from tools.public_surface import Surface
from tools.released_wheels import fetch, fetch_pieces, order, releases

_TABLES = Path(__file__).parent.parent / "rules" / "repro_lint_rules" / "environment" / "removed_names"
_HEADER = """\
# What releases of {name} have lost (-) and gained (+), by minor release. Written by tools/removed_names.py on {day}
# from the last patch release of each minor release named below; >= is the Python that it asks for at least.
"""
_WIDTH = 118

_READER = hashlib.sha256(Path(__file__).with_name("module_text.py").read_bytes()).hexdigest()[:12]

_ANYTHING = Signature(frozenset(), True, frozenset())
State = Literal["there", "lacking", "unknown"]


class Histories:
    """The releases of one library, oldest first, and when what they have changed."""

    def __init__(self, library: Library, surfaces: Mapping[str, Surface]) -> None:
        self.library = library
        self.surfaces = surfaces
        self.minors = {version: minor(version) for version in surfaces}

    def tables(self) -> dict[str, dict[str, list[str]]]:
        """For each container (a module, ``class``, ``callable()`` or ``<styles>``) the names by history."""
        found: dict[str, dict[str, list[str]]] = {}
        entries = {*self._modules(), *self._callables(), *self._styles()}
        for container, by_history in self.library.written.items():
            names = {name: history for history, words in by_history.items() for name in words.split()}
            entries = {entry for entry in entries if entry[0] != container or entry[1] not in names}
            entries.update((container, name, history) for name, history in names.items())
        for container, name, history in sorted(entries):
            found.setdefault(container, {}).setdefault(history, []).append(name)
        return found

    @cached_property
    def _facades(self) -> frozenset[str]:
        """Paths through which modules are reached in some release."""
        return frozenset(
            path
            for surface in self.surfaces.values()
            for module in surface.modules
            if self._is_listed(module)
            for path in surface.facades(module)
        )

    def _is_listed(self, module: str) -> bool:
        return _is_public(module) and not (self.library.hidden and module.startswith(self.library.hidden))

    def _history(self, states: Iterable[State | None]) -> str:
        """Where it was lost and gained: None stands for releases of which that cannot be asked.

        What is not known counts as there, unless the last release before and the first after of which it is known
        both lack it; or only the first after, and none before had it.
        """
        known = [(state, release) for state, release in zip(states, self.minors.values(), strict=True) if state]
        tokens: list[str] = []
        before: State | None = None
        for place, (state, release) in enumerate(known):
            if state == "unknown":
                after = next((later for later, _ in known[place:] if later != "unknown"), "there")
                state = "lacking" if after == "lacking" and before in (None, "lacking") else "there"
            if before is not None and state != before:
                tokens.append(f"-{release}" if state == "lacking" else f"+{release}")
            before = state
        return " ".join(tokens)

    def _is_internal(self, module: str) -> bool:
        return module.startswith(self.library.internal) if self.library.internal else False

    def _modules(self) -> Iterator[tuple[str, str, str]]:
        surfaces = self.surfaces.values()
        names: dict[str, set[str]] = {}
        for surface in surfaces:
            for module in (*surface.modules, *self._facades):
                if self._is_listed(module) and (home := surface.home(module)) is not None:
                    names.setdefault(module, set()).update(surface.own_names(home))
        for module, candidates in names.items():
            for name in candidates:
                history = self._history(_state_in_module(surface, surface.home(module), name) for surface in surfaces)
                if history and (history[0] == "-" or not self._is_internal(module)):
                    yield module, name, history

    def _callables(self) -> Iterator[tuple[str, str, str]]:
        paths: dict[tuple[str, str], None] = {}
        for surface in self.surfaces.values():
            paths.update(dict.fromkeys(self._paths(surface)))
        for module, name in paths:
            if f"{module}.{name}" in self.library.decorated:
                continue
            homes = [(s, s.home(module)) for s in self.surfaces.values()]
            signatures = [_signature(s, home, name) if home else None for s, home in homes]
            yield from self._keywords(f"{module}.{name}()", signatures)
            path = f"{module}.{name}"
            if self._is_internal(module):
                continue
            trusted = path in self.library.trusted
            if trusted:
                methods = [s.methods(home, name) if home else {} for s, home in homes]
                for method in sorted({m for found in methods for m in found if not m.startswith("_")}):
                    yield from self._keywords(
                        f"{path}.{method}()",
                        [found[method] or _ANYTHING if method in found else None for found in methods],
                    )
            members = [s.members(home, name, trusted=trusted) if home else None for s, home in homes]
            yield from self._members(path, members)

    def _paths(self, surface: Surface) -> Iterator[tuple[str, str]]:
        """Where users find the functions and classes: in public packages, else where they are defined."""
        seen: set[int] = set()
        places = [(module, module) for module in surface.modules if self._is_listed(module)]
        places += [(path, home) for path in self._facades if (home := surface.home(path)) is not None]
        for packages in (True, False):
            for module, home in places:
                if (surface.modules[home].package or module != home) is not packages:
                    continue
                for name in surface.own_names(home):
                    resolved = surface.find(home, name)
                    if resolved is None or not isinstance(resolved[1], (Class, Signature)):
                        continue
                    if packages or self.library.twice or id(resolved[1]) not in seen:
                        yield module, name
                    seen.add(id(resolved[1]))

    def _keywords(self, container: str, signatures: list[Signature | None]) -> Iterator[tuple[str, str, str]]:
        internal = self._is_internal(container)
        for keyword in sorted(set().union(*(s.names for s in signatures if s is not None)) - {"self", "cls"}):
            history = self._history(
                _state(keyword in s.names, s.more or keyword in s.hints) if s else None for s in signatures
            )
            if history and not keyword.startswith("_") and (history[0] == "-" or not internal):
                yield container, keyword, history

    def _members(
        self, container: str, members: list[tuple[set[str], set[str]] | None]
    ) -> Iterator[tuple[str, str, str]]:
        trusted = container in self.library.trusted
        for member in sorted(set().union(*(m[0] for m in members if m is not None))):
            history = self._history(
                _state(member in m[0], member in m[1] and not trusted) if m else None for m in members
            )
            if trusted and len(history.split()) > 1:  # written from elsewhere in some releases
                continue
            if "-" in history and not member.startswith("_"):
                yield container, member, self.library.corrections.get(member, history) if trusted else history

    def _styles(self) -> Iterator[tuple[str, str, str]]:
        for style in sorted(set().union(*(surface.styles for surface in self.surfaces.values()))):
            states = (_state(style in s.styles, False) if s.styles else None for s in self.surfaces.values())
            if history := self._history(states):
                # Until 3.8 the styles that 3.6 had renamed were found under their old names.
                renamed = style.startswith("seaborn") and "v0_8" not in style
                yield "matplotlib.style<>", style, history.replace("-3.6", "-3.8") if renamed else history


def _signature(surface: Surface, module: str, name: str) -> Signature | None:
    """The parameters of a callable, any if they are not known; None where there is no such callable."""
    return surface.signature(module, name) or (_ANYTHING if surface.find(module, name) else None)


def _state(there: bool, unknown: bool) -> State:
    return "there" if there else "unknown" if unknown else "lacking"


def _state_in_module(surface: Surface, module: str | None, name: str) -> State | None:
    if module is None:
        return None
    return _state(name in surface.names(module), not surface.lacks(module, name))


def _is_public(module: str) -> bool:
    return not any(part.startswith("_") or part in ("tests", "conftest", "setup") for part in module.split("."))


def minor(version: str) -> str:
    """The first two numbers of a version."""
    return ".".join(str(part) for part in (*order(version), 0)[:2])


def read(cache: Path, distribution: str, library: Library) -> dict[str, Surface]:
    """The releases in the cache, oldest first. What was read of their files is kept there, too."""
    versions = sorted((path.name for path in (cache / distribution).iterdir() if path.is_dir()), key=order)
    kept = cache / f"{distribution}.{_READER}"
    known: dict[tuple[str, bytes], Module] = pickle.loads(kept.read_bytes()) if kept.is_file() else {}
    before = len(known)
    surfaces = {
        version: Surface.read(
            cache / distribution / version,
            library.packages,
            library.skipped,
            library.computed,
            known,
            library.layout,
            library.settled,
        )
        for version in versions
        if order(version) >= order(library.oldest)
    }
    if len(known) > before:
        kept.write_bytes(pickle.dumps(known))
    return surfaces


def written(distribution: str, library: Library, surfaces: Mapping[str, Surface]) -> str:
    """The text of the table."""
    histories = Histories(library, surfaces)
    lines = [_HEADER.format(name=distribution, day=datetime.date.today().isoformat()).rstrip()]
    known = [histories.minors[version] + _python(surface) for version, surface in surfaces.items()]
    lines += ["", f"distribution {distribution}", *_wrapped("releases", [*library.older.split(), *known])]
    for container, by_history in histories.tables().items():
        lines += ["", container]
        for history, names in sorted(by_history.items()):
            lines += _wrapped(f"{history}:", names)
    return "\n".join(lines) + "\n"


def _python(surface: Surface) -> str:
    found = re.search(r">=\s*(\d+(?:\.\d+)?)", surface.python)
    return f">={found[1]}" if found else ""


def _wrapped(title: str, words: Iterable[str]) -> list[str]:
    lines = [title]
    for word in words:
        if len(lines[-1]) + len(word) >= _WIDTH:
            lines.append("")
        lines[-1] += f" {word}"
    return lines


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("fetch", "write"))
    parser.add_argument("cache", type=Path)
    parser.add_argument("libraries", nargs="*", choices=[[], *LIBRARIES], help="all unless named")
    parser.add_argument("--pip", help="the pip to fetch with; versions before 24.1 take more of the old releases")
    arguments = parser.parse_args()
    gc.disable()  # trees of files are all that is made, and they hold no cycles
    for distribution in arguments.libraries or LIBRARIES:
        library = LIBRARIES[distribution]
        if arguments.command == "fetch":
            wanted = [r for r in releases(distribution, mac=library.mac) if order(r.version) >= order(library.oldest)]
            for release in wanted[::-1][:: library.every]:
                if library.pieces:
                    fetch_pieces(release, arguments.cache)
                    continue
                fetch(release, arguments.cache, mac=library.mac, pip=arguments.pip.split() if arguments.pip else ())
            continue
        text = written(distribution, library, read(arguments.cache, distribution, library))
        _TABLES.mkdir(exist_ok=True)
        for package in library.packages[:1]:
            (_TABLES / f"{package}.txt").write_text(text, encoding="utf-8")
        print(f"{distribution}: {len(text.splitlines())} lines", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
