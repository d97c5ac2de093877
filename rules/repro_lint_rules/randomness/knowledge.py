"""Which calls draw random numbers, and which decide what they will be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from repro_lint.api import dataclass

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
    ("networkx.algorithms.", "networkx."),
    ("networkx.drawing.layout.", "networkx."),
)
"""Other names of the same modules, in the order in which they are replaced."""
_INSIDE = re.compile(r"^(keras\.layers|torch\.nn|torch\.utils\.data)\.[a-z_.]+\.([A-Za-z]\w*)$")
"""Classes by the private modules in which they are defined."""
_FLAT = ("sklearn", "imblearn", "gensim", "optuna", "umap", "pymc", "pymc3", "skopt")
"""Packages whose callables have one name each, whatever module they are imported from."""
DROPOUTS = frozenset(f"torch.nn.{kind}()" for kind in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d"))
"""What draws when it is called later, as long as a network is trained."""
_FURTHER = frozenset("gym gymnasium gpytorch pyro tensorflow_probability jax llvmlite".split())
"""Packages that draw, or are drawn with, and have no table."""
_CONDITION = re.compile(r"(\w+) (==|!=|<|>) (.+)")

Condition = tuple[str, str, object]
"""A keyword, a comparison, and what its argument is compared with."""


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
class Earlier:
    """A condition that holds before a release of a package."""

    package: str
    release: tuple[int, int]
    when: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True)
class SeedParameter:
    """A callable with a seed parameter of its own, whose result differs from run to run without a seed."""

    name: str
    keywords: tuple[str, ...]
    position: int | None
    generator: str
    """The library whose global generator it falls back to, or ``own``: fresh entropy."""
    when: tuple[tuple[Condition, ...], ...] = ()
    """It is random only if all conditions of one of these hold."""
    unless: tuple[tuple[Condition, ...], ...] = ()
    """It is not random if all conditions of one of these hold."""
    earlier: Earlier | None = None
    """When it was random, too, before a release."""
    weak: bool = False
    """Whether the result differs only for some data, or by its last digits."""
    advice: str = ""
    threads: bool = False
    """Whether it is random because several threads work on one model, whatever the seed."""

    @property
    def is_class(self) -> bool:
        """Whether it is drawn from later, when the object is used."""
        return self.name.rpartition(".")[2][:1].isupper()

    @property
    def remedy(self) -> str:
        """What fixes it."""
        if self.keywords == ("sampler",) and not self.advice:
            return "pass sampler=optuna.samplers.TPESampler(seed=SEED)"
        return self.advice or f"pass {self.keywords[0]}=SEED"


@dataclass(frozen=True)
class Knowledge:
    """The content of ``draws.toml`` and ``seed_parameters.toml``; names are canonical."""

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
    entropy: Mapping[str, Literal["clock", "process", "system"]]
    """What differs in each run, by name, with the kind of it: clock, process or system."""
    seed_parameters: Mapping[str, SeedParameter]
    methods: tuple[tuple[tuple[str, ...], frozenset[str], SeedParameter], ...]
    """Methods with a seed parameter: the beginnings of the receivers' names, and the names of the methods."""
    no_seed: frozenset[str]
    """What has no parameter for a seed, by its flat name."""
    versions: Mapping[str, str]
    """The releases with which the seed parameters were measured."""

    def library_of(self, name: str | None, method: str | None) -> str | None:
        """The library from whose global generator a call of this canonical name, or of this method, draws; or None."""
        if name is not None and name in self.draws:
            return self.draws[name]
        if name in DROPOUTS:
            return "torch"
        if method in self.tensor_methods and (name is None or name.startswith("torch.")):
            return "torch"
        if method == "shuffle" and name is not None and name.startswith("tensorflow.data."):
            return "tensorflow"
        if method in ("sample", "rsample", "sample_n") and name is not None and "()" in name:
            if name.startswith(("torch.distributions.", "gpytorch.distributions.", "pyro.distributions.")):
                return "torch"
            # What stands on JAX or NumPy takes a key, or draws from elsewhere.
            if name.startswith("tensorflow_probability.") and ".substrates." not in name:
                return "tensorflow"
        return None

    @cached_property
    def packages(self) -> frozenset[str]:
        """What a program imports that draws or seeds, as far as its names are known here."""
        named = (self.draws, self.seeders, self.generators, self.seed_parameters, self.self_seeding, self.no_seed)
        names = [*(name for table in named for name in table), *(other for other, _ in _SPELLINGS)]
        names += [package for packages, _, _ in self.methods for package in packages]
        return frozenset(re.split("[.:]", name)[0] for name in (*names, *self.libraries, *self.versions)) | _FURTHER

    def takes_no_seed(self, name: str) -> bool:
        """Whether a callable of this canonical name raises an error for a seed."""
        return _flat(name) in self.no_seed

    def seed_parameter(self, name: str, method: str | None) -> SeedParameter | None:
        """What is known of the call of something with this canonical name, or None."""
        found = self.seed_parameters.get(name) or self.seed_parameters.get(_flat(name))
        if found is None and method is not None:
            for packages, methods, parameter in self.methods:
                if method in methods and name.startswith(packages):
                    return parameter
            if method == "sample" and (".to_pandas()" in name or ".toPandas()" in name):
                return next(p for packages, _, p in self.methods if "pandas." in packages)
        return found


def canonical(name: str) -> str:
    """The name under which the knowledge is stored: one spelling for all ways to import the same thing."""
    for other, usual in _SPELLINGS:
        if name.startswith(other):
            name = usual + name[len(other) :]
    found = _INSIDE.match(name)
    if found and not name.startswith(("torch.nn.functional.", "torch.nn.init.")):
        return f"{found[1]}.{found[2]}"
    return name


def _flat(name: str) -> str:
    """The name without the modules between the package and the callable, for packages where that is one thing."""
    package, _, rest = name.partition(".")
    return f"{package}:{rest.rpartition('.')[2]}" if package in _FLAT and "(" not in name else ""


def _read(file: str) -> dict[str, Any]:
    import tomli

    return tomli.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))


def _conditions(texts: list[str]) -> tuple[tuple[Condition, ...], ...]:
    return tuple(tuple(_condition(part) for part in text.split(" and ")) for text in texts)


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(f"not a condition: {text}")
    return found[1], found[2], ast.literal_eval(found[3])


def _seed_parameters(data: dict[str, Any], earlier: dict[str, Any]) -> Iterator[tuple[str, SeedParameter]]:
    conditions = data["conditions"]
    weak = {*data["effect"]["round_off"].split(), *data["effect"]["weak"].split()}
    for group in data["callables"]:
        for module, functions in group["modules"].items():
            for entry in functions.split():
                function, _, position = entry.partition("@")
                name = f"{module}.{function}"
                parameter = SeedParameter(
                    name,
                    tuple(group["parameter"].split()),
                    int(position) if position else None,
                    group["generator"],
                    _conditions(conditions["when"].get(name, [])),
                    _conditions(conditions["unless"].get(name, [])),
                    _earlier(earlier.get(name)),
                    name in weak,
                )
                yield canonical(name), parameter
                if _flat(name):
                    yield _flat(name), parameter


def _earlier(entry: list[Any] | None) -> Earlier | None:
    if entry is None:
        return None
    package, major, minor, condition = entry
    return Earlier(package, (major, minor), _conditions([condition]))


def _threaded(data: dict[str, Any]) -> dict[str, SeedParameter]:
    """Models that several threads train unless they are told otherwise."""
    unless = _conditions(data["unless"])
    return {
        _flat(name): SeedParameter(name, ("seed",), None, "own", (), unless, advice=data["advice"], threads=True)
        for name in data["names"].split()
    }


def _methods(data: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], frozenset[str], SeedParameter]]:
    for entry in data["methods"]:
        packages = tuple(
            f"{package}." if package.partition(".")[0] == package or package.startswith("dask") else package
            for package in entry["packages"].split()
        )
        keywords = tuple(entry["parameter"].split())
        methods = frozenset(entry["methods"].split())
        name = f"{entry['packages'].split()[0]}.{min(methods)}"
        unless = _conditions(["shuffle == False"]) if "train_test_split" in methods else ()
        yield packages, methods, SeedParameter(name, keywords, entry.get("position"), entry["generator"], (), unless)


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """What the family knows, read when it is first asked for."""
    data = _read("draws.toml")
    parameters = _read("seed_parameters.toml")
    draws = {
        f"{module}.{function}": name
        for name, library in data["libraries"].items()
        for module, functions in library.get("modules", {}).items()
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
        entropy={name: kind for kind, names in data["entropy"].items() for name in names.split()},
        seed_parameters={**dict(_seed_parameters(parameters, data["earlier"])), **_threaded(data["threads"])},
        methods=tuple(_methods(data)),
        no_seed=frozenset(f"{package}:{name}" for package, names in data["no_seed"].items() for name in names.split()),
        versions=parameters["versions"],
    )
