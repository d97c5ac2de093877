"""What the family knows of generators, and what it hears in a program."""

from __future__ import annotations

import pytest
from tests.conftest import memory_project

from repro_lint.execution.program import Program
from repro_lint_rules.randomness.causes import Cause, causes
from repro_lint_rules.randomness.knowledge import canonical, knowledge
from repro_lint_rules.randomness.program_draws import ProgramDraws


def reported(code: str, files: dict[str, str] | None = None) -> list[Cause]:
    """The causes in a program."""
    project = memory_project({"main.py": code, **(files or {})})
    programs = Program.from_project(project, ())
    program = next(program for program in programs if program.path == "main.py")
    draws = ProgramDraws()
    assert program.walk(draws) is None
    return list(causes(program, draws))


def heard(code: str) -> list[tuple[str, str]]:
    """For each generator without a seed: its library, and what draws first."""
    found = [cause for cause in reported(code) if cause.rule == "unseeded-rng"]
    first = [(cause, cause.spots[1 if cause.variant == "generator" else 0]) for cause in found]
    return [(cause.library, spot.shown.rpartition(".")[2]) for cause, spot in first]


def rules(code: str) -> list[str]:
    """The rules that report something."""
    return [cause.rule for cause in reported(code)]


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("numpy.random.mtrand.rand", "numpy.random.rand"),
        ("tensorflow.keras.layers.Dense", "keras.layers.Dense"),
        ("keras.layers.core.Dense", "keras.layers.Dense"),
        ("tensorflow.python.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.compat.v1.random_normal", "tensorflow.random_normal"),
        ("torch.nn.modules.linear.Linear", "torch.nn.Linear"),
        ("torch.nn.init.normal_", "torch.nn.init.normal_"),
        ("torch.utils.data.sampler.RandomSampler", "torch.utils.data.RandomSampler"),
        ("random.choice", "random.choice"),
    ],
)
def test_spellings(name: str, usual: str) -> None:
    assert canonical(name) == usual


def test_knowledge_is_consistent() -> None:
    known = knowledge()
    assert set(known.draws.values()) <= set(known.libraries)
    assert {library for seeds in known.seeders.values() for library in seeds} <= set(known.libraries)
    assert {made.library for made in known.generators.values()} <= set(known.libraries)
    assert all(canonical(name) == name for name in (*known.draws, *known.seeders, *known.generators))
    assert "torch.Generator" not in known.generators


@pytest.mark.parametrize(
    "name",
    [
        "set_seed",
        "seed_everything",
        "fix_seeds",
        "setup_seed",
        "set_random_seed",
        "same_seeds",
        "seed_all",
        "set_global_seed",
        "RandomSeed",
        "fix_random_seeds",
        "make_deterministic",
        "set_determinism",
        "set_manual_seed",
        "seed_torch",
        "setSeed",
    ],
)
def test_helpers_by_name(name: str) -> None:
    assert knowledge().helper.match(name)


@pytest.mark.parametrize("name", ["seed", "get_seed", "seeded", "reset", "sample", "seedling", "print_seed"])
def test_no_helpers(name: str) -> None:
    assert not knowledge().helper.match(name)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy as np\nx = np.random.rand(3)", [("numpy", "rand")]),
        ("from numpy.random import *\nx = randn(3)", [("numpy", "randn")]),
        ("from pylab import *\nx = rand(3)", [("numpy", "rand")]),
        ("import cupy as cp\nx = cp.random.rand(3)", [("cupy", "rand")]),
        ("import random\nr = random.Random()\nx = r.random()", [("random", "random")]),
        ("import random\nr = random.Random(None)\nr.seed(3)\nx = r.random()", []),
        ("import numpy as np\nx = np.random.Generator(np.random.PCG64()).normal()", [("numpy", "normal")]),
        ("import numpy as np\nx = np.random.Generator(np.random.PCG64(3)).normal()", []),
        ("import numpy as np\nx = np.random.default_rng(unknown).normal()", []),
        ("import numpy as np\nx = np.random.default_rng(*args).normal()", []),
        ("import numpy as np\nr = np.random.default_rng()", []),
        ("import numpy as np\nr = np.random.default_rng() if u else np.random.default_rng(1)\nx = r.normal()", []),
        ("import numpy as np\nf(np.random.rand(3), random_state=np.random.RandomState())", [("numpy", "rand")]),
        ("from sklearn import x\nimport numpy as np\ny = x.f(random_state=np.random.RandomState())", [("numpy", "f")]),
        ("import torch\nx = torch.randn(3)", [("torch", "randn")]),
        ("import torch\nx = torch.empty(3).normal_()", [("torch", "normal_")]),
        ("import torch\nx = torch.randn(3, generator=torch.Generator())", []),
        ("import torch\nfor x in torch.utils.data.DataLoader(d, 4, True): f(x)", [("torch", "DataLoader")]),
        ("import torch\nx = torch.utils.data.DataLoader(d, shuffle=train)", []),
        ("import torch.nn.functional as F\nx = F.dropout(y, 0.5, training=False)", []),
        ("import tensorflow as tf\nx = tf.random.normal([3])", [("tensorflow", "normal")]),
        ("import tensorflow as tf\nx = tf.random.normal([3], seed=1)", []),
        ("import tensorflow as tf\nx = tf.data.Dataset.range(3).shuffle(10)", [("tensorflow", "shuffle")]),
        ("import tensorflow as tf\nx = tf.data.Dataset.range(3).shuffle(10, seed=1)", []),
        ("import keras, numpy\nnumpy.random.seed(1)\nm = keras.layers.Dense(1)\nm.fit(1)", []),
        ("import keras\nm = keras.layers.Dense(1)\nm.fit(1)", [("keras", "Dense")]),
        ("import keras\nm = keras.layers.Dense(1)\nm.summary()", []),
        ("import jax\nx = jax.random.normal(key)", []),
        ("import secrets\nx = secrets.choice([1])", []),
        ("import numpy as np, numba\n@numba.njit\ndef f():\n    return np.random.rand()\nx = f()", [("numba", "rand")]),
        ("import sacred, random\nex = sacred.Experiment()\n@ex.automain\ndef f():\n    return random.random()", []),
    ],
)
def test_sources(code: str, expected: list[tuple[str, str]]) -> None:
    assert heard(code + "\nprint()\n") == expected


@pytest.mark.parametrize(
    "statement",
    [
        "time.sleep(random.random())",
        "time.sleep(2 ** n + random.uniform(0, 1))",
        "port = random.randint(2000, 3000)",
        "opts['port'] = random.randint(2000, 3000)",
        "self.seed = random.randint(0, 10)",
        "np.random.seed(random.randint(0, 10))",
        "name = ''.join(random.choice(string.ascii_letters) for _ in range(8))",
        "run_id = random.randint(0, 9)",
        "agent = random.choice(USER_AGENTS)",
        "random.random()",
        "bar(colour=random.random())",
        "plt.scatter(x + random.random(), y)",
        "jitter_x = x + random.gauss(0, 1)",
        "shape = random.sample(x, 3).shape",
        "ix = random.randint(0, 9)\nplt.imshow(images[ix])\nplt.show()",
        "for i in random.sample(range(9), 3):\n    plt.imshow(images[i])",
        "def get_random_colour():\n    return random.random()\nc = get_random_colour()",
        "def backoff():\n    return random.random()\nc = backoff()",
    ],
)
def test_harmless(statement: str) -> None:
    code = f"import random, time, string\nimport numpy as np\nimport matplotlib.pyplot as plt\nprint()\n{statement}\n"
    assert heard(code) == []


@pytest.mark.parametrize(
    "statement",
    [
        "random.shuffle(x)",
        "y = random.random()",
        "print(random.random())",
        "f(random.random())",
        "ix = random.randint(0, 9)\ntrain = data[ix]",
        "train_ids = random.sample(x, 3)",
        "filename = random.choice(files)",
        "picked = random.choices(x, k=3)\nprint(picked)",
        "plt.scatter(random.random(), random.random())",
        "for i in random.sample(range(9), 3):\n    total += i",
        "if random.random() < 0.5:\n    f()",
        "rows = [r for r in x if random.random() < 0.5]",
    ],
)
def test_not_harmless(statement: str) -> None:
    assert [
        library for library, _ in heard(f"import random\nimport matplotlib.pyplot as plt\n{statement}\nprint()\n")
    ] == ["random"]
