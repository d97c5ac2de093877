"""Which rule reports what in small programs: one cause, one rule."""

from __future__ import annotations

import time

import pytest
from tests.conftest import memory_project
from tests.unit.test_randomness_draws import reported, rules

from repro_lint.execution.program import Program
from repro_lint_rules.randomness.causes import Cause
from repro_lint_rules.randomness.program_causes import ProgramCauses

SPLIT = "from sklearn.model_selection import train_test_split\n"
NUMPY = "import numpy as np\n"


@pytest.mark.parametrize(
    "code",
    [
        SPLIT + "a, b = train_test_split(x)",
        "from sklearn.cross_validation import train_test_split\na, b = train_test_split(x)",
        "from sklearn.svm import SVC\nm = SVC(probability=True).fit(x, y)",
        "from sklearn.manifold import TSNE\nz = TSNE(init='random').fit_transform(x)",
        "from sklearn.linear_model import LogisticRegression\nm = LogisticRegression(solver='saga').fit(x, y)",
        "from sklearn.ensemble import HistGradientBoostingClassifier as H\nm = H(early_stopping=True).fit(x, y)",
        "from sklearn.metrics import silhouette_score\ns = silhouette_score(x, y, sample_size=100)",
        "from sklearn import ensemble\nm = ensemble.RandomForestClassifier(random_state=None)\nm.fit(x, y)",
        "from sklearn.datasets import make_moons\nx, y = make_moons(100, noise=0.1)",
        "from sklearn.pipeline import make_pipeline\nfrom sklearn.neural_network import MLPRegressor\n"
        "p = make_pipeline(MLPRegressor())\np.fit(x, y)",
        "import pandas as pd\ndf = pd.read_csv('a').groupby('b').sample(n=2)\nprint(df)",
        "import pandas as pd\ndf = pd.concat([a.sample(3), pd.read_csv('a')['b'].sample(3)])\nprint(df)",
        "import polars as pl\nprint(pl.read_csv('a').sample(3))",
        "import polars as pl\nprint(pl.read_csv('a').select(pl.col('b').shuffle()))",
        "from scipy.stats import norm\nx = norm.rvs(size=3)",
        "from scipy import stats\nx = stats.gaussian_kde(y).resample(3)",
        "from scipy.optimize import differential_evolution\nr = differential_evolution(f, [(0, 1)])",
        "from scipy.stats import qmc\nx = qmc.Sobol(2).random(8)",
        "from scipy import sparse\nm = sparse.random(3, 3)",
        "import networkx as nx\ng = nx.erdos_renyi_graph(5, 0.5)",
        "import networkx as nx\nc = nx.community.louvain_communities(g)",
        "import networkx as nx\nb = nx.betweenness_centrality(g, k=10)",
        "import umap\nz = umap.UMAP(n_neighbors=5).fit_transform(x)",
        "from imblearn.over_sampling import SMOTE\nx, y = SMOTE().fit_resample(x, y)",
        "import pymc as pm\nt = pm.sample(100)",
        "from hyperopt import fmin\nbest = fmin(f, space=s, max_evals=9)",
        "from datasets import load_dataset\nd = load_dataset('imdb')['train'].shuffle()\nprint(d)",
        "from faker import Faker\nfake = Faker()\nrows = [fake.name() for _ in range(3)]",
        "import gymnasium as gym\nenv = gym.make('CartPole-v1')\nobs, info = env.reset()",
        "import gym\nenv = gym.wrappers.Monitor(gym.make('CartPole-v0'))\nobs = env.reset()",
        "import dask.dataframe as dd\nprint(dd.read_csv('a').sample(frac=0.1).compute())",
        "from functools import partial\n" + SPLIT + "split = partial(train_test_split, test_size=0.2)\na, b = split(x)",
        SPLIT + "def load(seed=None):\n    return train_test_split(x, random_state=seed)\na = load()",
        SPLIT + "a = train_test_split(x, random_state=4)\nb = train_test_split(a)",
        "import random\nrandom.seed(1)\n" + SPLIT + "a, b = train_test_split(x)",
    ],
)
def test_missing_random_state(code: str) -> None:
    assert rules(code + "\n") == ["missing-random-state"]


@pytest.mark.parametrize(
    "code",
    [
        SPLIT + "a, b = train_test_split(x, shuffle=False)",
        SPLIT + "a, b = train_test_split(x, shuffle=flag)",
        SPLIT + "a, b = train_test_split(x, **options)",
        SPLIT + "a, b = train_test_split(x, random_state=config['seed'])",
        SPLIT + "def never():\n    return train_test_split(x)\nprint(1)",
        NUMPY + SPLIT + "np.random.seed(3)\na, b = train_test_split(x)",
        SPLIT + "from transformers import set_seed\nset_seed(1)\na, b = train_test_split(x)",
        "from sklearn.svm import SVC, LinearSVC\nm = SVC().fit(x, y)\nn = LinearSVC().fit(x, y)",
        "from sklearn.manifold import TSNE\nz = TSNE().fit_transform(x)",
        "from sklearn.datasets import make_moons\nx, y = make_moons(100, shuffle=False)",
        "from sklearn.gaussian_process import GaussianProcessRegressor as G\nm = G().fit(x, y)",
        "from sklearn.metrics import silhouette_score\ns = silhouette_score(x, y)",
        "from sklearn.ensemble import RandomForestClassifier\nm = RandomForestClassifier()\nm.random_state = 0\nm.fit(x, y)",
        "from sklearn.ensemble import BaggingClassifier\nfrom sklearn.tree import DecisionTreeClassifier\n"
        "m = BaggingClassifier(DecisionTreeClassifier(), random_state=0).fit(x, y)",
        "from sklearn.pipeline import Pipeline\nfrom sklearn.tree import DecisionTreeClassifier as T\n"
        "p = Pipeline([('t', T())])\np.set_params(t__random_state=3)\np.fit(x, y)",
        "import xgboost as xgb\nm = xgb.XGBClassifier(subsample=0.5).fit(x, y)",
        "import pandas as pd\npd.read_csv('a').sample(5)",
        "import pandas as pd\ndisplay(pd.read_csv('a').sample(5))",
        "import pandas as pd\nx = pd.read_csv('a').sample(5, random_state=1)",
        "import pandas as pd\nx = pd.read_csv('a').sample(5, None, False, None, 1)",
        "import polars as pl\npl.set_random_seed(1)\nprint(pl.read_csv('a').sample(3))",
        "from scipy.stats import multivariate_normal\np = multivariate_normal([0, 0]).pdf(x)",
        "from scipy.stats import norm\nd = norm(0, 1)\nd.random_state = 3\nx = d.rvs(3)",
        "from scipy.stats import norm\nx = norm.rvs(0, 1, 3, random_state=1)",
        "from scipy.sparse.linalg import svds\nu = svds(a)",
        "import networkx as nx\na = nx.average_clustering(g)\nb = nx.betweenness_centrality(g)",
        "import networkx as nx\npos = nx.spring_layout(g, seed=2)",
        "import networkx as nx\npos = nx.spring_layout(g)\nnx.draw(g, pos)\nnx.draw_networkx_labels(g, pos=pos)",
        "import random, networkx as nx\nrandom.seed(2)\ng = nx.gnp_random_graph(4, 0.1)",
        "import optuna\ns = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))",
        "from faker import Faker\nfake = Faker()\nfake.seed_instance(1)\nrows = [fake.name()]",
        "import gymnasium as gym\nenv = gym.make('A')\nenv.reset(seed=1)\nenv.reset()\nshape = env.action_space.sample().shape",
        "from datasets import load_dataset\nd = load_dataset('imdb')['train'].train_test_split(0.1, seed=4)\nprint(d)",
        "class Frame:\n    def sample(self, n):\n        return n\nx = Frame().sample(3)",
        "def split(x, rng):\n    return x.sample(3, random_state=rng)\nprint(split)",
    ],
)
def test_silent(code: str) -> None:
    assert rules(code + "\n") == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (NUMPY + "x = np.random.rand(3)\nnp.random.seed(1)", "seed-after-use"),
        (NUMPY + "def f():\n    return np.random.rand()\nx = f()\nnp.random.seed(1)", "seed-after-use"),
        ("import torch\nx = torch.randn(3)\ntorch.manual_seed(1)", "seed-after-use"),
        (NUMPY + SPLIT + "a = train_test_split(x)\nnp.random.seed(0)", "seed-after-use"),
        ("import random, time\nrandom.seed(time.time())\nx = random.random()", "seed-from-entropy"),
        ("import random, uuid\nrandom.seed(uuid.uuid4().int)\nx = random.random()", "seed-from-entropy"),
        ("import torch\ntorch.seed()\nx = torch.randn(3)", "seed-from-entropy"),
        (
            "import random, datetime\nr = random.Random(datetime.datetime.now().timestamp())\nx = r.random()",
            "seed-from-entropy",
        ),
        ("import os, random\nrandom.seed(hash(os.urandom(4)))\nx = random.random()", "seed-from-entropy"),
        ("import time, numpy.random as r\nr.seed(abs(int(time.time())))\nx = r.rand()", "seed-from-entropy"),
        (
            "import random, torch\nn = random.randint(1, 9)\ntorch.manual_seed(n)\nx = torch.rand(3)",
            "seed-from-entropy",
        ),
        (NUMPY + "np.random.seed()\nx = np.random.rand()", "seed-from-entropy"),
        (NUMPY + SPLIT + "np.random.seed(None)\na = train_test_split(x)", "seed-from-entropy"),
        (NUMPY + "import random\nrandom.seed(1)\nx = np.random.rand()", "partial-seeding"),
        ("import tensorflow as tf\ntf.random.set_seed(0)\nm = tf.keras.layers.Dense(1)\nm.fit(1)", "insufficient-seed"),
        ("import torch\ntorch.cuda.manual_seed(0)\nx = torch.randn(3)", "insufficient-seed"),
        (NUMPY + "import umap\nnp.random.seed(0)\nz = umap.UMAP().fit_transform(x)", "insufficient-seed"),
        (NUMPY + "from scipy.sparse.linalg import eigsh\nnp.random.seed(0)\nz = eigsh(x)", "insufficient-seed"),
        ("import jax, time\nk = jax.random.PRNGKey(time.time_ns())", "seed-from-entropy"),
        ("import os, numpy\nr = numpy.random.default_rng([os.getpid(), 1])\nx = r.normal()", "seed-from-entropy"),
        ("from gensim.models import Word2Vec\nm = Word2Vec(texts, seed=1)", "insufficient-seed"),
        ("from sklearn.utils import check_random_state\nr = check_random_state(None)", "missing-random-state"),
        ("import random\ns = random.getstate()\nx = random.random()\nrandom.setstate(s)", "unseeded-rng"),
        ("import torch\nw = torch.empty(3)\ntorch.nn.init.normal_(w)", "unseeded-rng"),
        ("import torch\nx = torch.nn.Dropout(0.5)(y)", "unseeded-rng"),
        ("from numpy import random\nrandom.seed = 3\nx = random.rand()", "ineffective-seed"),
        (NUMPY + "np.random.default_rng(3)\nx = np.random.rand()", "ineffective-seed"),
        ("from sklearn.model_selection import KFold\ncv = KFold(5, random_state=1)", "invalid-random-state"),
        ("from sklearn.cluster import DBSCAN\nm = DBSCAN(random_state=1)", "invalid-random-state"),
    ],
)
def test_one_cause_one_rule(code: str, expected: str) -> None:
    assert rules(code + "\nprint(x)\n") == [expected]


@pytest.mark.parametrize(
    "code",
    [
        NUMPY + "import time\nstart = time.time()\nnp.random.seed(3)\nx = np.random.rand()\nprint(time.time() - start)",
        NUMPY + "np.random.seed(3)\nx = np.random.rand()\nnp.random.seed()",
        NUMPY + "import random\nrandom.seed(0)\nnp.random.seed(random.randint(0, 9))\nx = np.random.rand()",
        NUMPY + "if u:\n    np.random.seed(1)\nelse:\n    np.random.seed()\nx = np.random.rand()",
        NUMPY
        + "import time\nif s:\n    np.random.seed(s)\nelse:\n    np.random.seed(int(time.time()))\nx = np.random.rand()",
        NUMPY
        + "import time\nif u:\n    np.random.seed(int(time.time()))\nelse:\n    np.random.seed(1)\nx = np.random.rand()",
        NUMPY + "def worker(i):\n    np.random.seed()\nnp.random.seed(1)\npool(worker)\nx = np.random.rand()",
        "import torch\ntorch.cuda.manual_seed(0)\nx = torch.randn(3, device='cuda')",
        "import tensorflow as tf, random\nrandom.seed(0)\ntf.random.set_seed(0)\nm = tf.keras.layers.Dense(1)\nm.fit(1)",
        "import tensorflow as tf\ntf.set_random_seed(0)\nm = tf.keras.layers.Dense(1)\nm.fit(1)",
        "import os\nos.environ['PYTHONHASHSEED'] = '0'",
        "import torch\nd = torch.nn.Dropout(0.5)\nd.eval()\nx = d(y)",
        "from gensim.models import Word2Vec\nm = Word2Vec(texts, seed=1, workers=1)",
        NUMPY + "from lab import seed_all\nx = np.random.rand()\nseed_all(1)",
        NUMPY + "import contextlib\n@contextlib.contextmanager\ndef seeded(s):\n    np.random.seed(s)\n    yield\n"
        "with seeded(1):\n    x = np.random.rand()",
        NUMPY
        + "from numba import njit\n@njit\ndef f(s):\n    np.random.seed(s)\n    return np.random.rand()\nx = f(1)",
    ],
)
def test_no_cause(code: str) -> None:
    assert rules(code + "\nprint()\n") == []


def test_places_are_those_of_the_draws_and_the_seed() -> None:
    (cause,) = reported(NUMPY + "a = np.random.rand()\nb = np.random.rand()\nnp.random.seed(1)\nc = np.random.rand()\n")
    assert [spot.place.span.line for spot in cause.spots if spot.place.span] == [2, 3]
    assert [spot.shown for spot in cause.seeds] == ["np.random.seed"]


def test_a_recorded_seed_is_weaker() -> None:
    code = "import time, torch\nseed = int(time.time())\n{}\ntorch.manual_seed(seed)\nx = torch.rand(3)\n"
    (written,) = reported(code.format("logger.info('seed %d', seed)"))
    (silent,) = reported(code.format("print('no seed')"))
    assert written.weak
    assert not silent.weak


def test_calls_of_one_package_are_one_cause() -> None:
    code = SPLIT + "from sklearn.cluster import KMeans\na, b = train_test_split(x)\nk = KMeans(3).fit(a)\n"
    (cause,) = reported(code)
    assert [spot.shown for spot in cause.spots] == ["train_test_split", "KMeans"]


def test_an_older_tensorflow_seeds_keras() -> None:
    code = "import tensorflow as tf\ntf.random.set_seed(0)\nm = tf.keras.layers.Dense(1)\nm.fit(1)\n"
    assert not reported(code, {"requirements.txt": "tensorflow==2.6\n"})
    assert reported(code, {"requirements.txt": "tensorflow>=2.6\n"})
    assert reported(code, {"environment.yml": "dependencies:\n  - tensorflow=2.12\n"})


@pytest.mark.parametrize(
    ("use", "rule"),
    [
        ("r = np.random.default_rng(a.seed)\nx = r.normal()", "unseeded-rng"),
        ("np.random.seed(a.seed)\nx = np.random.rand()", "seed-from-entropy"),
        ("x = train_test_split(y, random_state=a.seed)", "missing-random-state"),
    ],
)
@pytest.mark.parametrize(("default", "noted"), [("", True), (", default=None", True), (", default=3", False)])
def test_a_seed_that_is_none_by_default_is_a_note(use: str, rule: str, default: str, noted: bool) -> None:
    option = f"import argparse\np = argparse.ArgumentParser()\np.add_argument('--seed', type=int{default})\n"
    found = reported(NUMPY + SPLIT + option + f"a = p.parse_args()\n{use}\n")
    assert [(cause.rule, cause.weak) for cause in found] == [(rule, True)] * noted


def test_a_seed_that_may_be_given_and_is_asked_for_first() -> None:
    code = "import os, random\ns = os.environ.get('SEED')\nif s:\n    random.seed(int(s))\nx = random.random()\n"
    (cause,) = reported(code)
    assert (cause.rule, cause.variant, cause.weak) == ("unseeded-rng", "optional", True)
    assert [seed.shown for seed in cause.seeds] == ["random.seed"]
    assert rules(f"import random\nrandom.seed(1)\n{code}") == []


@pytest.mark.parametrize(
    "asked",
    [
        "if a.seed is not None:",
        "if a.seed:",
        "if not a.seed is None:",
        "if a.fixed and a.seed is not None:",
        "if '--fixed' in sys.argv:",
        "if len(sys.argv) > 1:",
    ],
)
def test_a_seed_that_only_an_option_asks_for_is_a_note(asked: str) -> None:
    options = "p.add_argument('--seed', type=int)\np.add_argument('--fixed', action='store_true')\na = p.parse_args()\n"
    code = f"import argparse, sys\np = argparse.ArgumentParser()\n{options}{asked}\n    np.random.seed(3)\n"
    (cause,) = reported(f"{NUMPY}{code}print(np.random.rand())\n")
    assert (cause.rule, cause.variant, cause.weak) == ("unseeded-rng", "optional", True)


def test_a_seed_that_an_option_can_leave_out_is_a_seed() -> None:
    option = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--free', action='store_true')\n"
    code = f"{NUMPY}{option}a = p.parse_args()\nif not a.free:\n    np.random.seed(3)\nprint(np.random.rand())\n"
    assert rules(code) == []


def test_a_command_that_the_parser_calls() -> None:
    code = "import argparse, random\ndef draw(a):\n    print(random.random())\np = argparse.ArgumentParser()\n"
    assert rules(f"{code}p.set_defaults(command=draw)\na = p.parse_args()\na.command(a)\n") == ["unseeded-rng"]


def test_a_seed_that_is_drawn() -> None:
    drawn = f"{NUMPY}seed = np.random.randint(2**31)\n"
    use = "rng = np.random.default_rng(seed)\nx = rng.normal()\n"
    (written,) = reported(f"{drawn}print(seed)\n{use}")
    (silent,) = reported(f"{drawn}{use}")
    assert [written.rule, silent.rule] == ["seed-from-entropy"] * 2
    assert (written.weak, silent.weak) == (True, False)
    assert rules(f"{NUMPY}np.random.seed(1)\n{drawn}{use}") == []


def test_a_program_answers_first_for_the_draws_in_its_own_file() -> None:
    library = {"lib.py": "import numpy as np\ndef resample(x):\n    return np.random.choice(x)\n"}
    own = f"{NUMPY}import lib\nprint(lib.resample(x))\n"
    (cause,) = reported(f"{own}print(np.random.rand())\n", library)
    assert [spot.shown for spot in cause.spots] == ["np.random.rand", "np.random.choice"]
    (other,) = reported(own, library)
    assert [spot.place.path for spot in other.spots] == ["lib.py"]


def test_children_of_an_unseeded_sequence() -> None:
    code = NUMPY + "root = np.random.SeedSequence()\nrngs = [np.random.default_rng(s) for s in root.spawn(4)]\n"
    (cause,) = reported(code + "print([rng.normal() for rng in rngs])\n")
    assert cause.rule == "unseeded-rng"
    assert not cause.weak


def findings_of(files: dict[str, str]) -> dict[str, list[Cause]]:
    """The causes of each program, each place in a module once."""
    project = memory_project(files)
    found = {}
    for program in Program.from_project(project, ()):
        _, told = project.fact(ProgramCauses).of(program, "unseeded-rng")
        found[program.path] = told
    return found


LIBRARY = "import numpy as np\ndef used():\n    return np.random.rand()\ndef other():\n    return np.random.rand()\n"


def test_a_place_in_a_module_is_named_once() -> None:
    main = "import numpy as np\nimport lib\nprint(np.random.rand(), lib.used())\n"
    found = findings_of({"a.py": main, "b.py": main, "lib.py": LIBRARY})
    assert [[spot.place.path for spot in cause.spots] for cause in found["a.py"]] == [["a.py", "lib.py"]]
    assert [[spot.place.path for spot in cause.spots] for cause in found["b.py"]] == [["b.py"]]


def test_what_is_not_called_is_a_further_place() -> None:
    found = findings_of({"a.py": "import lib\nprint(lib.used())\n", "lib.py": LIBRARY})
    (cause,) = found["a.py"]
    assert [spot.place.span.line for spot in cause.uncalled if spot.place.span] == [5]


def test_a_module_that_others_use_with_a_seed_is_no_further_place() -> None:
    main = "import numpy as np\nimport lib\nprint(np.random.rand(), lib.used())\n"
    seeded = "import numpy as np\nimport lib\nnp.random.seed(1)\nprint(lib.used())\n"
    found = findings_of({"a.py": main, "seeded.py": seeded, "lib.py": LIBRARY})
    assert [[spot.place.path for spot in cause.spots] for cause in found["a.py"]] == [["a.py"]]


def test_where_a_seed_is_drawn() -> None:
    lib = {"lib.py": "from random import Random\ndef mix(x, seed):\n    r = Random(seed / 10)\n    r.shuffle(x)\n"}
    (cause,) = reported("from random import random\nfrom lib import mix\nmix(x, seed=random())\n", lib)
    assert (cause.rule, cause.variant) == ("seed-from-entropy", "drawn")
    assert [spot.place.path for spot in (*cause.spots, *cause.seeds)] == ["lib.py", "lib.py", "main.py"]


def test_the_seed_of_a_shuffled_dataset() -> None:
    code = "import random\nimport tensorflow as tf\nds = tf.data.Dataset.range(9)\n"
    drawn = "ds = ds.shuffle(9, seed=rank() + random.randint(0, 9))\n"
    assert rules(code + drawn) == ["seed-from-entropy"]
    assert rules(code + "ds = ds.shuffle(9, seed=7)\n") == []


NETWORK = (
    "import torch\nimport torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    "        self.a = nn.Linear(2, 2)\n        self.b = nn.Parameter(torch.randn(2))\n"
    "        self.register_buffer('c', torch.randn(2))\n"
)
PROBE = "torch.manual_seed(0)\nhead = nn.Linear(2, 1)\nloss(head(net(x))).backward()\n"


@pytest.mark.parametrize(
    ("loaded", "rule"),
    [
        ("net = Net()\n", "seed-after-use"),
        ("net = Net()\nnet.load_state_dict(torch.load('a.pt'))\n", None),
        ("net = Net().to('cpu')\nnet.load_state_dict(torch.load('a.pt'))\n", None),
        ("net = Net()\nif resume:\n    net.load_state_dict(torch.load('a.pt'))\n", "seed-after-use"),
        ("if old:\n    net = Net()\n    net.load_state_dict(torch.load('a.pt'))\nelse:\n    net = None\n", None),
        ("net = Net()\nother = Net()\nother.load_state_dict(torch.load('a.pt'))\n", "seed-after-use"),
    ],
)
def test_weights_that_are_replaced_by_stored_ones_do_not_matter(loaded: str, rule: str | None) -> None:
    assert rules(NETWORK + loaded + PROBE) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("code", "drawn"),
    [
        ("x = np.random.normal(1, 0.04, size=9)\nplt.scatter(x, y)", False),
        ("x = np.random.uniform(-0.2, 0.2, 9)\nplt.scatter(x, y)", False),
        ("x = np.random.normal(1, 0.04, size=9)\nplt.scatter(x, y)\nprint(x)", True),
        ("x = np.random.normal(0, 1, size=9)\nplt.scatter(x, y)", True),
        ("x = np.random.normal(size=9)\nplt.scatter(x, y)", True),
        ("x = np.random.uniform(0, 1, 9)\nplt.scatter(x, y)", True),
        (
            "def one():\n    x = np.random.normal(1, 0.04, size=9)\n    plt.scatter(x, y)\ndef two(x):\n    f(x)\none()",
            False,
        ),
    ],
)
def test_points_that_are_spread(code: str, drawn: bool) -> None:
    start = "import numpy as np\nimport matplotlib.pyplot as plt\n"
    assert rules(f"{start}{code}\n") == ["unseeded-rng"] * drawn


@pytest.mark.parametrize(
    ("code", "drawn"),
    [
        ("x = torch.rand(1, 3)\ntorch.onnx.export(m, x)", False),
        ("x = torch.rand(1, 3)\nargs = [x]\ntorch.onnx.export(m, args, 'a')", False),
        ("x = torch.randn(1, 3)\nt = torch.jit.trace(m, x)", False),
        ("x = torch.randn(1, 3)\nt = torch.jit.trace(m, x)\nprint(m(x))", True),
        ("x = torch.randn(1, 3)\nsave(x)", True),
        ("x = torch.randn(1, 3)\ny = m(x)\nprint('size', y.size(), y.shape)", False),
        ("x = torch.randn(1, 3)\ny = m(x)\nprint(y)", True),
        ("x = torch.randn(1, 3)\ny = m(x)\nmake_dot(y)", False),
        ("x = torch.randn(1, 3)\ny = m(x)\ntorch.save(y, 'a')", True),
        ("x = torch.randn(1, 3)\ny = m(x)\nz = y.mean()\nprint(z)", True),
    ],
)
def test_what_a_network_is_only_shown_with(code: str, drawn: bool) -> None:
    assert rules(f"import torch\nm = torch.load('a')\n{code}\n") == ["unseeded-rng"] * drawn


@pytest.mark.parametrize(
    "code",
    [
        "p = {}\nfor n in names:\n    p[n] = load(n)\nf = F(**p)",
        "p = {}\np.update(load())\nf = F(**p)",
        "p = dict()\np.update(load(), depth=3)\nf = F(**p)",
    ],
)
def test_a_dictionary_that_may_hold_more(code: str) -> None:
    start = "from sklearn.ensemble import RandomForestClassifier as F\n"
    assert rules(f"{start}{code}\nf.fit(x, y)\n") == []
    assert rules(f"{start}p = {{}}\np['depth'] = 3\np.update(size=2)\nf = F(**p)\nf.fit(x, y)\n") == [
        "missing-random-state"
    ]


LOADER = "import torch\nfrom torch.utils.data import DataLoader, RandomSampler, random_split\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("loader = DataLoader(data, shuffle=True)\ntorch.manual_seed(1)\nfor x in loader:\n    print(x)", []),
        ("loader = DataLoader(data, sampler=RandomSampler(data))\ntorch.manual_seed(1)\nprint(list(loader))", []),
        ("loader = DataLoader(data, shuffle=True)\nprint(list(loader))", ["unseeded-rng"]),
        ("a, b = random_split(data, [1, 1])\ntorch.manual_seed(1)\nprint(a)", ["seed-after-use"]),
    ],
)
def test_loaders_draw_when_they_are_looped_over(code: str, expected: list[str]) -> None:
    assert rules(f"{LOADER}{code}\n") == expected


def test_a_seed_under_another_name() -> None:
    start = "import polars as pl\npl.set_random_seed(1)\nrows = pl.read_csv('a').sort('b')\n"
    assert rules(f"{start}print(rows.sample(3, random_state=1))\n") == []
    assert rules("import polars as pl\nprint(pl.read_csv('a').sample(3, seed=None))\n") == ["missing-random-state"]


@pytest.mark.parametrize(
    ("seed", "expected"),
    [("np.random.seed(1)", ["insufficient-seed"]), ("random.seed(1)", []), ("", [])],
)
def test_the_sign_of_a_vector_matters_to_who_meant_to_fix_it(seed: str, expected: list[str]) -> None:
    code = f"import random\nimport numpy as np\nfrom scipy.sparse.linalg import svds\n{seed}\nu, s, v = svds(m, k=2)\n"
    assert rules(code) == expected


SEEDED = (
    "import contextlib, random\n@contextlib.contextmanager\ndef seeded(n):\n    state = random.getstate()\n"
    "    random.seed(n)\n    try:\n        yield\n    finally:\n        random.setstate(state)\n"
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("with seeded(4):\n    print(random.random())", []),
        ("with seeded(4):\n    x = random.random()\nprint(x, random.random())", ["unseeded-rng"]),
        ("random.seed(1)\nwith seeded(4):\n    x = random.random()\nprint(x, random.random())", []),
        ("print(random.choices('abcdef', k=3))", ["unseeded-rng"]),
        ("name = random.choices('0123456789abcdef', k=3)\nopen(name)", []),
    ],
)
def test_seeds_of_a_context(code: str, expected: list[str]) -> None:
    assert rules(f"{SEEDED}{code}\n") == expected


def test_tables_of_tables_are_not_written_out() -> None:
    """Objects that hold each other have no short text: what looks at their keys must not ask for one."""
    nested = "\n".join(f"t{n} = {{}}\nt{n}[key()] = A(t{n - 1}, t{n - 1})\nt{n}[key()] = f{n}" for n in range(1, 40))
    functions = "\n".join(f"def f{n}(x=t0):\n    return x" for n in range(1, 40))
    code = f"class A:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\nt0 = {{}}\n{functions}\n{nested}\n"
    started = time.perf_counter()
    assert rules(f"{code}from sklearn.svm import SVC\nm = SVC(probability=True)\nm.fit(t39)\n") == [
        "missing-random-state"
    ]
    assert time.perf_counter() - started < 5


def test_what_the_project_itself_loads_draws_nothing_that_stays() -> None:
    lib = {
        "lib.py": NETWORK + "    @classmethod\n    def from_pretrained(cls, path):\n        return fill(cls(), path)\n"
    }
    code = "import torch\nfrom lib import Net\nnet = Net.from_pretrained('a')\nloss(net(x)).backward()\n"
    assert [cause.rule for cause in reported(code, lib)] == []
    assert [cause.rule for cause in reported(code.replace(".from_pretrained('a')", "()"), lib)] == ["unseeded-rng"]


@pytest.mark.parametrize(
    ("code", "drawn"),
    [
        (
            "letters = 'abcdefghijklmnopqrstuvwxyz0123456789'\ncode = ''.join(random.choice(letters) for _ in range(6))",
            False,
        ),
        (
            "letters = string.ascii_letters + string.digits\ncode = ''.join(random.choice(letters) for _ in range(6))",
            False,
        ),
        ("bases = 'ACGT'\ncode = ''.join(random.choice(bases) for _ in range(6))", True),
        ("api_dict = random.choices(endpoints)[0]", False),
        ("colors = ['red', 'blue']\nx = random.choice(colors)", False),
    ],
)
def test_names_and_addresses_that_are_picked(code: str, drawn: bool) -> None:
    assert rules(f"import random, string\n{code}\nprint(1)\n") == ["unseeded-rng"] * drawn


KERAS = (
    "from tensorflow.keras import Model\nfrom tensorflow.keras.layers import Dense, Input\n"
    "def build():\n    x = Input(3)\n    return Model(x, Dense(1)(x))\n"
    "class Tool:\n    def __init__(self):\n        self.model = build()\n{}"
    "print(Tool().model.fit(x, y).history)\n"
)


def test_weights_that_the_maker_of_a_network_loads() -> None:
    assert rules(KERAS.format("        self.model.load_weights('a.h5')\n")) == []
    assert rules(KERAS.format("        if resume:\n            self.model.load_weights('a.h5')\n")) == ["unseeded-rng"]
    assert rules(KERAS.format("")) == ["unseeded-rng"]


def test_points_that_a_loop_spreads() -> None:
    start = "import numpy as np\nimport matplotlib.pyplot as plt\n"
    loop = "for i, y in enumerate(groups):\n    x = np.random.normal(i, 0.04, size=len(y))\n    plt.scatter(x, y)\n"
    assert rules(f"{start}{loop}x = 3\nprint(x)\n") == []


@pytest.mark.parametrize(("training", "drawn"), [("", False), (", training=False", False), (", training=True", True)])
def test_dropout_of_early_tensorflow(training: str, drawn: bool) -> None:
    code = f"import tensorflow as tf\ny = tf.layers.dropout(x, 0.5{training})\ntf.train.AdamOptimizer().minimize(y)\n"
    assert rules(code) == ["unseeded-rng"] * drawn


@pytest.mark.parametrize(
    ("output", "drawn"),
    [
        ("print(y.shape)", False),
        ("print(f'{net} {y.size()}')", False),
        ("print('output', y.shape, sum(p.numel() for p in net.parameters()))", False),
        ("print(y)", True),
        ("torch.save(y, 'a.pt')", True),
        ("plt.imshow(y)", True),
        ("print(y.shape)\nloss(y).backward()", True),
    ],
)
def test_networks_of_which_only_the_shape_is_told(output: str, drawn: bool) -> None:
    code = f"import torch\nfrom torch import nn\nnet = nn.Linear(3, 1)\ny = net(torch.ones(1, 3))\n{output}\n"
    assert rules(code) == ["unseeded-rng"] * drawn


def test_a_program_is_walked_only_if_something_in_it_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "plain.py": "import json\n# a random sample\nprint(json.dumps(1))\n",
        "drawing.py": "import lib\nprint(lib.pick())\n",
        "lib.py": "def pick():\n    from random import choice\n    return choice([1, 2])\n",
        "framed.py": "import load\nprint(load.table().to_pandas().sample(3))\n",
    }
    project = memory_project(files)
    walked: list[str] = []
    walk = Program.walk

    def noted(self: Program, handler: object) -> str | None:
        walked.append(self.path)
        return walk(self, handler)  # type: ignore[arg-type]

    monkeypatch.setattr(Program, "walk", noted)
    causes = project.fact(ProgramCauses)
    found = {p.path: causes.of(p, "unseeded-rng")[1] for p in Program.from_project(project, ())}
    assert walked == ["drawing.py", "framed.py"]
    assert [path for path, reasons in found.items() if reasons] == ["drawing.py"]


def test_what_returns_outside_of_a_function_is_no_result_of_one() -> None:
    code = NUMPY + "drawn = np.random.rand(3)\nreturn 1, drawn\n"
    assert [cause.rule for cause in reported(code)] == ["unseeded-rng"]
