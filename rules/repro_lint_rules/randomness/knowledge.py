"""Which calls draw random numbers, and which decide what they will be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_SPELLINGS = (
    ("numpy.random.mtrand.", "numpy.random."),
    ("scipy.random.", "numpy.random."),
    ("matplotlib.pylab.", "pylab."),
    ("tensorflow.compat.v1.", "tensorflow."),
    ("tensorflow.compat.v2.", "tensorflow."),
    ("tensorflow.python.keras.", "keras."),
    ("tensorflow.keras.", "keras."),
    ("tensorflow.contrib.keras.", "keras."),
    ("tf_keras.", "keras."),
    ("keras.api.", "keras."),
    ("keras.src.", "keras."),
)
"""Other names of the same modules, in the order in which they are replaced."""
_INSIDE = re.compile(r"^(keras\.layers|torch\.nn|torch\.utils\.data)\.[a-z_.]+\.([A-Za-z]\w*)$")
"""Classes by the private modules in which they are defined."""


@dataclass(frozen=True)
class Library:
    """A library with a generator of its own, and how to seed it."""

    name: str
    generator: str
    seed: str
    better: str | None


@dataclass(frozen=True)
class GeneratorClass:
    """A class or function that makes a generator: where it takes its seed."""

    position: int | None
    keyword: str
    library: str


@dataclass(frozen=True)
class Knowledge:
    """The content of ``draws.toml``; names are canonical."""

    libraries: Mapping[str, Library]
    draws: Mapping[str, str]
    """The library that each function draws from."""
    tensor_methods: frozenset[str]
    generators: Mapping[str, GeneratorClass]
    generator_methods: frozenset[str]
    seeders: Mapping[str, tuple[str, ...]]
    self_seeding: frozenset[str]
    """What seeds with a default of its own."""
    all_libraries: tuple[str, ...]
    helper: re.Pattern[str]


def canonical(name: str) -> str:
    """The name under which the knowledge is stored: one spelling for all ways to import the same thing."""
    for other, usual in _SPELLINGS:
        if name.startswith(other):
            name = usual + name[len(other) :]
    found = _INSIDE.match(name)
    if found and not name.startswith(("torch.nn.functional.", "torch.nn.init.")):
        return f"{found[1]}.{found[2]}"
    return name


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """What the family knows, read when it is first asked for."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "draws.toml").read_text(encoding="utf-8"))
    draws = {
        f"{module}.{function}": name
        for name, library in data["libraries"].items()
        for module, functions in library["modules"].items()
        for function in functions.split()
    }
    methods = {name.rpartition(".")[2] for name, library in draws.items() if library in ("numpy", "random", "cupy")}
    return Knowledge(
        libraries={
            name: Library(name, library["generator"], library["seed"], library.get("better"))
            for name, library in data["libraries"].items()
        },
        draws=draws,
        tensor_methods=frozenset(data["tensors"]["methods"].split()),
        generators={
            name: GeneratorClass(position if position >= 0 else None, keyword, library)
            for name, (position, keyword, library) in data["generators"].items()
        },
        generator_methods=frozenset(methods | {"integers", "permuted", "multivariate_hypergeometric", "tomaxint"}),
        seeders={name: tuple(libraries.split()) for name, libraries in data["seeders"].items()},
        self_seeding=frozenset(data["seeding"]["calls"].split()),
        all_libraries=tuple(data["seeding"]["libraries"].split()),
        helper=re.compile(data["seeding"]["helper"]),
    )
