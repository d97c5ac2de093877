"""The names that a released package has, read from its files; nothing is imported.

What is asked of a name is whether a release *certainly* lacks it. So everything that the text does not decide counts as
there: names in a module that assigns through ``globals()``, whose ``__getattr__`` may answer, that imports a star from
elsewhere, or that is compiled.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from tools.module_getattr import may_answer
from tools.module_text import Class, Module, Signature, read_module

_REQUIRES_PYTHON = re.compile(r"^Requires-Python:\s*(.+)$", re.M)
_PLAIN_BASES = frozenset({"object", "Exception", "ValueError", "UserWarning", "Warning", "ABC", "abc.ABC"})


class Surface:
    """One release of a distribution."""

    def __init__(self, modules: dict[str, Module], python: str, styles: frozenset[str]) -> None:
        self.modules = modules
        self.python = python
        self.styles = styles
        self._found: dict[tuple[str, str], tuple[Module, object] | None] = {}
        self._lineages: dict[int, list[Class] | None] = {}
        self._own: dict[str, set[str]] = {}
        self._public: dict[str, set[str]] = {}
        self._homes: dict[str, str | None] = {}

    @classmethod
    def read(
        cls,
        folder: Path,
        packages: Iterable[str],
        skipped: Iterable[str],
        computed: Mapping[str, str],
        known: dict[tuple[str, bytes], Module],
        layout: Mapping[str, str] | None = None,
        settled: Iterable[str] = (),
    ) -> Surface:
        """The surface of what was unpacked there. ``skipped`` are modules about which nothing is to be known.

        ``computed`` are the names in modules that compute them, ``layout`` the packages whose files, or what they
        hold, pass for another package, ``settled`` the classes that set attributes by name, but no others.

        ``known`` keeps modules by name and content: most of them do not change from one release to the next.
        """
        modules: dict[str, Module] = {}
        left_out = tuple(skipped)
        layout = layout or {}
        files = {package: package for package in packages} | {k: v for k, v in layout.items() if "." not in k}
        for package in files:
            for path in sorted([*folder.glob(f"{package}.*"), *folder.glob(f"{package}/**/*")]):
                name, kind = _module_name(folder, path)
                if name is not None and (name == package or name.startswith(package + ".")):
                    name = files[package] + name[len(package) :]
                if name is None or name.startswith(left_out):
                    continue
                if kind == "py":
                    data = path.read_bytes()
                    key = (name, hashlib.sha256(data).digest())
                    if key not in known:
                        known[key] = read_module(name, path, data)
                    modules[name] = known[key]
                elif kind in ("compiled", "pyi") and name not in modules:
                    modules[name] = Module(name, open=True)
        for package, called in layout.items():
            if "." in package:
                _pass_for(modules, package, called)
        for name in [parent for module in modules for parent in _parents(module)]:
            modules.setdefault(name, Module(name, package=True))  # without a file of its own
        for name in left_out:
            modules[name] = Module(name, package=True, open=True)
        for closed in settled:
            name, _, cls_name = closed.rpartition(".")
            if name in modules and isinstance(owner := modules[name].bindings.get(cls_name), Class):
                bindings = {**modules[name].bindings, cls_name: replace(owner, open=False)}
                modules[name] = replace(modules[name], bindings=bindings)
        for name in computed.keys() & modules.keys():
            found, names = modules[name], computed[name].split()
            found.open, found.exported, found.exported_with = False, (found.exported or frozenset()) | set(names), []
            found.bindings.update(dict.fromkeys(names))
        metadata = next(iter(sorted(folder.glob("*.dist-info/METADATA"))), None)
        text = metadata.read_text("utf-8", "replace") if metadata else ""
        python = _REQUIRES_PYTHON.search(text.partition("\n\n")[0])
        styles = frozenset(path.stem for path in folder.glob("matplotlib/mpl-data/stylelib/*.mplstyle"))
        return cls(modules, python[1].strip() if python else "", styles)

    @cached_property
    def _submodules(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name in self.modules:
            parent, _, child = name.rpartition(".")
            found.setdefault(parent, set()).add(child)
        return found

    def submodules(self, module: str) -> set[str]:
        """The names of the modules directly in a package."""
        return self._submodules.get(module, set())

    def home(self, path: str) -> str | None:
        """The module that a path leads to, perhaps through packages that import it; None where there is none."""
        if path not in self._homes:
            self._homes[path] = None  # what leads back to itself leads nowhere
            self._homes[path] = self._home(path)
        return self._homes[path]

    def _home(self, path: str) -> str | None:
        above, _, name = path.rpartition(".")
        if path in self.modules or not above:
            return path if path in self.modules else None
        package = self.home(above)
        if package is None:
            return None
        if name in self.modules[package].imported:
            source, attribute = self.modules[package].imported[name]
            return self.home(source if attribute is None else f"{source}.{attribute}")
        return f"{package}.{name}" if f"{package}.{name}" in self.modules else None

    def facades(self, module: str) -> Iterator[str]:
        """The paths to modules from elsewhere that a package, or a module that is called ``api``, imports."""
        found = self.modules[module]
        if not found.package and not module.endswith(".api"):
            return
        for name in found.imported:
            path = f"{module}.{name}"
            home = self.home(path) if not name.startswith("_") and path not in self.modules else None
            if home is not None and home != path and not module.startswith(home):
                yield path

    def lacks(self, module: str, name: str) -> bool:
        """Whether the module is there and certainly has no such attribute or submodule."""
        return module in self.modules and not self._may_have(module, name, set())

    def names(self, module: str) -> set[str]:
        """The public names that the module certainly or probably has, submodules included."""
        if module not in self._public:
            names = self._names(module, set()) | self.submodules(module)
            self._public[module] = {name for name in names if not name.startswith("_")}
        return self._public[module]

    def own_names(self, module: str) -> set[str]:
        """As ``names``, without what a plain module merely imports."""
        if module not in self._own:
            found = self.modules[module]
            own = {name for name in found.bindings if name not in found.imported}
            own |= (found.exported or frozenset()) & set(found.bindings)
            self._own[module] = self.names(module) if found.package else {n for n in own if not n.startswith("_")}
        return self._own[module]

    def _names(self, module: str, seen: set[str]) -> set[str]:
        found = self.modules.get(module)
        if found is None or module in seen:
            return set()
        seen.add(module)
        return set(found.bindings).union(*(self._starred(star, seen) for star in found.stars))

    def _starred(self, module: str, seen: set[str]) -> set[str]:
        names = self._names(module, seen)
        exported = self._exported(module)
        if exported is not None:
            return names | exported if self.modules[module].stars else names & exported
        return {name for name in names if not name.startswith("_")}

    def _exported(self, module: str, depth: int = 0) -> frozenset[str] | None:
        """What ``__all__`` lists; None where that is not known."""
        found = self.modules.get(module)
        if found is None or found.exported is None or depth > 10:
            return None
        names = found.exported
        for other in found.exported_with:
            source, attribute = found.imported.get(other, (f"{module}.{other}", None))
            more = self._exported(source if attribute is None else f"{source}.{attribute}", depth + 1)
            if more is None:
                return None
            names |= more
        return names

    def _may_have(self, module: str, name: str, seen: set[str]) -> bool:
        found = self.modules.get(module)
        if found is None:
            return True  # of another distribution
        if name in found.bindings or name in self.submodules(module) or found.open:
            return True
        if module in seen:
            return False
        seen.add(module)
        if found.getattr is not None and may_answer(found.getattr, found.values, name):
            return True
        for star in found.stars:
            source = self.modules.get(star)
            exported = None if source is None or source.open else self._exported(star)
            if exported is not None and name not in exported:
                continue
            if self._may_have(star, name, seen):
                return True
        return False

    def find(self, module: str, name: str) -> tuple[Module, object] | None:
        """The signature or class that a name of a module stands for, with the module that defines it."""
        key = (module, name)
        if key not in self._found:
            self._found[key] = None  # what leads back to itself leads nowhere
            self._found[key] = self._find(module, name)
        return self._found[key]

    def _find(self, module: str, name: str) -> tuple[Module, object] | None:
        found = self.modules.get(module)
        if found is None:
            return None
        if name in found.imported:
            source, attribute = found.imported[name]
            return self.find(source, attribute) if attribute else None
        if name in found.bindings:
            value = found.bindings[name]
            if isinstance(value, str):  # another name for something
                return self._dotted(found, value)
            return found, value
        return next((result for star in found.stars if (result := self.find(star, name)) is not None), None)

    def _dotted(self, module: Module, name: str) -> tuple[Module, object] | None:
        first, _, rest = name.partition(".")
        if not rest:
            return self.find(module.name, first)
        source, attribute = module.imported.get(first, ("", None))
        where = source if attribute is None else f"{source}.{attribute}"
        *path, last = rest.split(".")
        return self.find(".".join([where, *path]), last)

    def lineage(self, module: Module, cls: Class) -> list[Class] | None:
        """The class and all it inherits from, nearest first; None where a base is not known."""
        if id(cls) not in self._lineages:
            self._lineages[id(cls)] = None
            self._lineages[id(cls)] = self._lineage(module, cls)
        return self._lineages[id(cls)]

    def _lineage(self, module: Module, cls: Class) -> list[Class] | None:
        found = [cls]
        for base in cls.bases:
            if base in _PLAIN_BASES:
                continue
            resolved = self._dotted(module, base)
            if resolved is None or not isinstance(resolved[1], Class):
                return None
            above = self.lineage(resolved[0], resolved[1])
            if above is None:
                return None
            found += above
        return found

    def signature(self, module: str, name: str) -> Signature | None:
        """The parameters of a function, or of the constructor of a class; None where they are not known."""
        found = self.find(module, name)
        if found is None:
            return None
        home, value = found
        if isinstance(value, Class):
            line = self.lineage(home, value)
            if line is None or any(cls.has_new for cls in line):
                return None
            return next((cls.init for cls in line if cls.init is not None), None)
        return value if isinstance(value, Signature) else None

    def methods(self, module: str, name: str) -> dict[str, Signature | None]:
        """The methods of a class and its bases by their names, with their parameters; None for what is not known."""
        found = self.find(module, name)
        line = self.lineage(found[0], found[1]) if found and isinstance(found[1], Class) else None
        methods: dict[str, Signature | None] = {}
        for cls in reversed(line or ()):
            methods.update(cls.methods)
        return methods

    def members(self, module: str, name: str, *, trusted: bool) -> tuple[set[str], set[str]] | None:
        """The attributes of a class and its instances, and texts that may name more.

        None where nobody knows what else there is, unless it is ``trusted`` that there is nothing.
        """
        found = self.find(module, name)
        if found is None or not isinstance(found[1], Class):
            return None
        line = self.lineage(found[0], found[1])
        if line is None or (any(cls.open for cls in line) and not trusted):
            return None
        return set().union(*(cls.members for cls in line)), self._given.union(*(cls.texts for cls in line))

    @cached_property
    def _given(self) -> set[str]:
        """The attributes that are set on objects from outside of their classes."""
        return set().union(*(module.given for module in self.modules.values()))


def _pass_for(modules: dict[str, Module], package: str, called: str) -> None:
    """Put what is in a package where it shows up, its module of its own name at the root of that."""
    root = modules.get(f"{package}.{package.rpartition('.')[2]}") or modules.get(package)
    if root is None:
        return
    for name in [name for name in modules if name.startswith(package + ".")]:
        modules[called + name[len(package) :]] = modules[name]
    modules[called] = replace(root, package=True, open=False)


def _parents(module: str) -> Iterator[str]:
    while module := module.rpartition(".")[0]:
        yield module


def _module_name(folder: Path, path: Path) -> tuple[str | None, str]:
    parts = path.relative_to(folder).with_suffix("").parts
    kind = path.suffix.lstrip(".")
    if kind not in ("py", "pyi", "compiled") or not all(part.isidentifier() for part in parts):
        return None, kind
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts), kind
