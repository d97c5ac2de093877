"""A model or data set is fetched by its name alone, in whatever version the hub has today."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Related, Rule, RuleMeta, Severity
from repro_lint_rules.data.hub_models import FloatingName, floating_names


class FloatingModel(Rule):
    """Looks for the version in the calls of Hugging Face, PyTorch Hub, TensorFlow Hub, Kaggle and OpenML."""

    meta = RuleMeta(
        code="DAT003",
        name="floating-model",
        family="data",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A model or data set is fetched by its name alone, in whatever version the hub has today.",
        why="Its owner can replace the weights, the records or the code behind it, and the results change with them.",
        help="name the version",
    )
    triggers = (
        *(b"from_pretrained", b"load_dataset", b"_hub", b"torch.hub", b"hub.load", b"kagglehub", b"pipeline"),
        *(b"SentenceTransformer", b"CrossEncoder", b"fetch_openml"),
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each name in the file, at the first call that fetches it."""
        groups: dict[tuple[str, str], list[FloatingName]] = {}
        for found in floating_names(source):
            groups.setdefault((found.known.kind, found.name), []).append(found)
        for (kind, name), calls in groups.items():
            first, *others = calls
            yield Finding(
                source.place(first.call),
                f"the {kind} `{name}` is fetched without a version",
                help=f"pin it: {first.known.example}",
                related=tuple(Related(source.place(other.call), "fetched here too") for other in others),
                subject=name,
            )
