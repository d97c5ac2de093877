"""What holds only before or since a release, by what manifests and locks say."""

from __future__ import annotations

import pytest
from tests.conftest import memory_project
from tests.unit.test_randomness_draws import reported

from repro_lint_rules.randomness.releases import before

TSNE = "from sklearn.manifold import TSNE\nz = TSNE().fit_transform(x)\n"
LIGHTNING = "import pytorch_lightning as pl, torch\npl.seed_everything()\nprint(torch.rand(3))\n"
KERAS = (
    "import tensorflow as tf\ntf.random.set_seed(1)\nm = tf.keras.Sequential([tf.keras.layers.Dense(1)])\nm.fit(x, y)\n"
)
KFOLD = "from sklearn.model_selection import KFold\nfolds = KFold(5, random_state=1)\n"
WORKERS = (
    "import numpy as np\nfrom torch.utils.data import DataLoader, Dataset\nimport torch\ntorch.manual_seed(1)\n"
    "class Data(Dataset):\n    def __getitem__(self, i):\n        return np.random.rand()\n"
    "for batch in DataLoader(Data(), {}):\n    print(batch)\n"
)


@pytest.mark.parametrize(
    ("specifier", "older"),
    [
        ("==1.1.3", True),
        ("==1.2.0", False),
        ("==1.*", False),
        ("<1.2", True),
        ("<1.2.1", False),
        ("<=1.1", True),
        (">=0.24,<1.2", True),
        (">=1.0", False),
        ("~=1.1.0", True),
        ("~=1.1", False),
        ("", False),
    ],
)
def test_what_a_requirement_bounds(specifier: str, older: bool) -> None:
    project = memory_project({"requirements.txt": f"numpy==1.0\nscikit-learn{specifier}\n"})
    assert before(project, "scikit-learn", (1, 2)) is older


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("poetry.lock", '[[package]]\nname = "torch"\nversion = "1.8.1"\n'),
        ("uv.lock", '[[package]]\nname = "torch"\nversion = "1.8.1"\n'),
        ("Pipfile.lock", '{"default": {"torch": {"hashes": ["sha256:1"], "version": "==1.8.1"}}}'),
        ("conda-lock.yml", "package:\n- name: torch\n  version: 1.8.1\n  manager: conda\n"),
        ("environment.yml", "dependencies:\n  - pip:\n    - torch==1.8.1\n"),
    ],
)
def test_what_a_lock_says(path: str, text: str) -> None:
    assert before(memory_project({path: text}), "torch", (1, 9))
    assert not before(memory_project({path: text.replace("1.8.1", "1.10.0")}), "torch", (1, 9))


def test_a_lock_says_more_than_a_manifest() -> None:
    files = {"pyproject.toml": '[project]\nname = "a"\ndependencies = ["torch<1.9"]\n'}
    lock = '[[package]]\nname = "torch"\nversion = "1.13.0"\n'
    assert before(memory_project(files), "torch", (1, 9))
    assert not before(memory_project({**files, "poetry.lock": lock}), "torch", (1, 9))


@pytest.mark.parametrize(
    ("code", "requirement", "old", "new"),
    [
        (TSNE, "scikit-learn==1.1.0", ["missing-random-state"], []),
        (LIGHTNING, "pytorch-lightning<2", ["seed-from-entropy"], []),
        (KERAS, "tensorflow==2.9.1", [], ["insufficient-seed"]),
        (KFOLD, "scikit-learn==0.23.2", [], ["invalid-random-state"]),
        (WORKERS.format("num_workers=2"), "torch==1.8.0", ["partial-seeding"], []),
        (WORKERS.format("num_workers=0"), "torch==1.8.0", ["partial-seeding"], ["partial-seeding"]),
    ],
)
def test_findings_follow_the_release(code: str, requirement: str, old: list[str], new: list[str]) -> None:
    assert [cause.rule for cause in reported(code, {"requirements.txt": f"{requirement}\n"})] == old
    assert [cause.rule for cause in reported(code)] == new
