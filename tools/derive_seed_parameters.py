"""Derive what the randomness rules know of seed parameters from the measured catalogue.

    python tools/derive_seed_parameters.py CATALOGUE.toml

The catalogue holds a row for each callable with a seed parameter: what an absent seed falls back to, and whether the
result then differs, always or under a condition, with the evidence for it. What is written is the part that rules can
act upon: callables that are random by default or under a condition that arguments decide. Left out is what depends on
the data alone, what only a signature suggests and nobody measured, and what is corrected below.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli

TARGET = Path(__file__).parent.parent / "rules/repro_lint_rules/randomness/seed_parameters.toml"
_PACKAGES = ("sklearn", "imblearn", "scipy", "networkx", "gensim", "optuna", "pymc", "pymc3", "hyperopt", "umap")
_GENERATORS = {"numpy": "numpy", "random": "random", "os": "own"}
_CONDITION = re.compile(r"\w+ (?:==|!=|>|<) (?:'\w+'|True|False|None|[\d.]+)")

_LEFT_OUT = re.compile(
    # Making a frozen distribution draws nothing; its ``rvs`` does, which is known as a method.
    r"scipy\.stats\.(?:[a-z_]+|monte_carlo_test|rv_\w+|sampling\..*|.*\.(?:rvs|cdf|sample|integrate_box|resample))$"
    r"|scipy\.(?:linalg\.interpolative|interpolate)\."  # differ by round-off
    r"|networkx\.(?:algebraic_connectivity|fiedler_vector|spectral_ordering)$"  # differ by round-off
    r"|networkx\.(?:.*_bisection|partial_duplication_graph)$"
    r"|sklearn\.metrics\.PredictionErrorDisplay"  # which points a plot shows
    r"|sklearn\.model_selection\.TunedThresholdClassifierCV"  # its folds are not shuffled
    r"|sklearn\.inspection\.PartialDependenceDisplay"
    r"|optuna\.(?:samplers\.(?:GridSampler|BruteForceSampler)|terminator|importance)"  # only the order of trials
    r"|gensim\.(?!models\.(?:LdaModel|LdaMulticore|HdpModel|Nmf|AuthorTopicModel)$)"  # the others are signatures only
    r"|hyperopt\.(?!fmin$)|pymc\.(?:Empirical|SVGD|find_MAP)"
)
_KEPT = re.compile(r"scipy\.stats\.(?:bootstrap|permutation_test|goodness_of_fit|dunnett|sobol_indices)$")
_CORRECTIONS: dict[str, dict[str, Any]] = {
    # The seed is only looked at when the rows are shuffled, which is not the default (scikit-learn's docstrings).
    "sklearn.datasets.fetch_covtype": {"random": "conditional", "when": ["shuffle == True"]},
    "sklearn.datasets.fetch_kddcup99": {"random": "conditional", "when": ["shuffle == True"]},
    "sklearn.datasets.fetch_rcv1": {"random": "conditional", "when": ["shuffle == True"]},
    # liblinear: no effect for l2, 1e-5 otherwise.
    "sklearn.linear_model.LogisticRegression": {"when": ["solver == 'sag'", "solver == 'saga'"]},
    "sklearn.linear_model.LogisticRegressionCV": {"when": ["solver == 'sag'", "solver == 'saga'"]},
    "sklearn.ensemble.GradientBoostingRegressor": {
        "when": ["max_features == 'log2'", "max_features == 'sqrt'", "subsample < 1.0"]
    },
    "sklearn.manifold.TSNE": {"when": ["init == 'random'"]},
    # Only the places and weights of the nodes are drawn (NetworkX's sources).
    "networkx.random_geometric_graph": {"unless": ["pos != None"]},
    "networkx.geographical_threshold_graph": {"unless": ["pos != None and weight != None"]},
    "networkx.thresholded_random_geometric_graph": {"unless": ["pos != None and weight != None"]},
}
_ROUND_OFF = ("scipy.sparse.linalg.eigs", "scipy.sparse.linalg.eigsh", "scipy.sparse.linalg.svds")
"""Without a seed the sign of a vector and its last digits differ: a note, unless somebody meant to fix it."""
_WEAK = ("sklearn.ensemble.AdaBoostClassifier", "sklearn.mixture.BayesianGaussianMixture")
"""Draw, but the result of the probe did not change."""
_ALSO = (
    ("community.best_partition", "random_state", -1, "numpy"),
    ("community.community_louvain.best_partition", "random_state", -1, "numpy"),
    ("sklearn.utils.check_random_state", "seed", 0, "numpy"),
    ("skopt.BayesSearchCV", "random_state", -1, "numpy"),
    ("skopt.gp_minimize", "random_state", -1, "numpy"),
    ("skopt.forest_minimize", "random_state", -1, "numpy"),
    ("skopt.gbrt_minimize", "random_state", -1, "numpy"),
    ("skopt.dummy_minimize", "random_state", -1, "numpy"),
    ("optuna.create_study", "sampler", -1, "own"),
    ("keras.utils.image_dataset_from_directory", "seed", -1, "numpy"),
    ("keras.utils.text_dataset_from_directory", "seed", -1, "numpy"),
    ("keras.preprocessing.image_dataset_from_directory", "seed", -1, "numpy"),
    ("keras.preprocessing.text_dataset_from_directory", "seed", -1, "numpy"),
    ("networkx.gnp_random_graph", "seed", 2, "random"),
    ("networkx.erdos_renyi_graph", "seed", 2, "random"),
    ("networkx.random_tree", "seed", 1, "random"),
    ("networkx.fruchterman_reingold_layout", "seed", 10, "numpy"),
)
"""From the sources of the packages; the functions of NetworkX are other names of measured ones."""
_CONDITIONS_ALSO = {name: {"unless": ["shuffle == False"]} for name, *_ in _ALSO if name.startswith("keras.")}


def rows(catalogue: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows that rules can act upon, with the corrections made."""
    for row in catalogue["api"]:
        name = row["fqn"]
        if not name.startswith(tuple(f"{package}." for package in _PACKAGES)):
            continue
        if _LEFT_OUT.match(name) and not _KEPT.match(name):
            continue
        row = {**row, **_CORRECTIONS.get(name, {})}
        generator = _GENERATORS.get(row["fallback"].split(" ")[0])
        random = row["random"] == "always" or name in _WEAK
        whens = [when for when in row.get("when", ()) if _decided(when)]
        if generator is None or row["kind"] == "method" or not (random or (row["random"] == "conditional" and whens)):
            continue
        yield {
            "name": name,
            "generator": generator,
            "parameter": row["param"].replace("|", " "),
            "position": row["pos"],
            "when": [] if random else whens,
            "unless": [unless for unless in row.get("unless", ()) if _decided(unless)],
        }
    for name, parameter, position, generator in _ALSO:
        extra = _CONDITIONS_ALSO.get(name, {})
        yield {"name": name, "generator": generator, "parameter": parameter, "position": position, **extra}


def _decided(condition: str) -> bool:
    """Whether arguments alone decide the condition."""
    return "n_samples" not in condition and all(_CONDITION.fullmatch(part) for part in condition.split(" and "))


def written(catalogue: dict[str, Any]) -> str:
    """The text of the file."""
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    conditions: list[str] = []
    for row in rows(catalogue):
        module, _, function = row["name"].rpartition(".")
        entry = function if row["position"] < 0 else f"{function}@{row['position']}"
        groups.setdefault((row["generator"], row["parameter"]), {}).setdefault(module, []).append(entry)
        for kind in ("when", "unless"):
            if row.get(kind):
                texts = ", ".join(f'"{condition}"' for condition in row[kind])
                conditions.append(f'{kind}."{row["name"]}" = [{texts}]')
    versions = catalogue["versions"]
    lines = [
        "# Callables with a seed parameter whose result differs from run to run without a seed; generated by",
        "# tools/derive_seed_parameters.py from measurements with these versions. Left out: what is fixed by default",
        "# (xgboost, lightgbm, catboost ...), what only the data decides, and what nobody has measured.",
        "",
        "[versions]",
        *(f'{package} = "{versions[package]}"' for package in _PACKAGES if package in versions),
        "",
        "# generator: whose global generator is used without a seed; own: fresh entropy, no global seed helps.",
        "# name@N: the seed may be passed at position N.",
    ]
    for (generator, parameter), modules in sorted(groups.items()):
        lines += ["", "[[callables]]", f'generator = "{generator}"', f'parameter = "{parameter}"']
        for module, functions in sorted(modules.items()):
            lines += [f'modules."{module}" = """', *_wrapped(sorted(set(functions)))]
            lines[-1] += '"""'
    lines += ["", "# Random only when one of these holds, and never when one of those does.", "[conditions]"]
    lines += sorted(set(conditions))
    lines += ["", "[effect]", f'round_off = "{" ".join(_ROUND_OFF)}"', f'weak = "{" ".join(_WEAK)}"']
    return "\n".join(lines) + "\n"


def _wrapped(words: list[str], width: int = 118) -> list[str]:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def main() -> int:
    """Write the file."""
    catalogue = tomli.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(written(catalogue), encoding="utf-8")
    print(f"wrote {TARGET.name}: {len(list(rows(catalogue)))} callables")
    return 0


if __name__ == "__main__":
    sys.exit(main())
