"""An image is built upon another one that has no version."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Dockerfile,
    Field,
    Finding,
    Level,
    Outcome,
    Place,
    Related,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
    Stage,
    expand_variables,
    is_open_text,
    lazy_pattern,
)
from repro_lint_rules.containers.images import is_local, parse_image, what_moves

_LAST_VARIABLE = lazy_pattern(r"\$\{?(\w+)(?::?-[^{}]*)?\}?\Z")


class Options(RuleOptions):
    """Options of floating-base-image."""

    require_digest: bool = Field(False, description="Report images that have a tag and no digest, too")


class FloatingBaseImage(Rule):
    """Reads `FROM`, with the defaults of `ARG`, and the images that `COPY --from` takes files of."""

    meta = RuleMeta(
        code="CTR001",
        name="floating-base-image",
        family="containers",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="An image is built upon another one that has no version.",
        why="The next build starts from another system, with other versions of Python and of the libraries in it.",
        help="name a version in the tag, or the digest (`@sha256:…`)",
    )
    Options = Options
    triggers = (b"from",)

    def check(self, dockerfile: Dockerfile) -> Outcome:
        """One finding for each image, at its name, or at the ARG that gives the name or the tag of several."""
        by_default: dict[tuple[str, str], list[Stage]] = {}
        for stage in dockerfile.stages:
            why = self._why(stage.base) if stage.base else None
            if stage.base is None or why is None:
                continue
            if ends_with := _LAST_VARIABLE.search(stage.image.text):
                by_default.setdefault((ends_with[1], stage.base), []).append(stage)
            else:
                yield Finding(_place(dockerfile, stage), f"`{stage.base}` {why}", help=_help(stage.base))
        for (variable, base), stages in by_default.items():
            places = [_place(dockerfile, stage) for stage in stages]
            if (default := _default(dockerfile, variable)) is not None:
                places.insert(0, default)
            yield Finding(
                places[0],
                f"`{base}`, by the default of `{variable}`, {self._why(base)}",
                help=_help(base),
                confidence=Confidence.MEDIUM,
                related=tuple(Related(place, "the image that it is the base of") for place in places[1:]),
            )
        yield from self._copied(dockerfile)

    def _copied(self, dockerfile: Dockerfile) -> Iterator[Finding]:
        """Images that files are copied from. A name alone may be that of a context which the build is given."""
        stages = {stage.name for stage in dockerfile.stages if stage.name}
        for instruction in dockerfile.instructions:
            source = next((f for f in instruction.flags if f.name == "from"), None)
            if instruction.keyword != "COPY" or source is None:
                continue
            reference = expand_variables(source.value, dockerfile.variables_at(instruction))
            if is_open_text(reference) or reference.lower() in stages or not set(reference) & set(":/"):
                continue
            if why := self._why(reference):
                place = dockerfile.place(source.start, source.start + len(source.value))
                yield Finding(place, f"`{reference}` {why}", help=_help(reference), severity=Severity.NOTE)

    def _why(self, reference: str) -> str | None:
        """What moves under the name of an image, as the end of a sentence, or None."""
        image = parse_image(reference)
        if image.name == "scratch" or is_local(image):
            return None
        why = what_moves(image)
        if why is None and self.options.require_digest and not image.digest:
            return f"has no digest: what the tag `{image.tag}` stands for can change"
        return why


def _place(dockerfile: Dockerfile, stage: Stage) -> Place:
    return dockerfile.place(stage.image.start, stage.image.end)


def _default(dockerfile: Dockerfile, variable: str) -> Place | None:
    """Where the ARG stands that gives the variable its value, or None."""
    for instruction in dockerfile.instructions:
        if instruction.stage < 0 and instruction.keyword == "ARG":
            for word in instruction.words:
                if word.text.startswith(f"{variable}="):
                    return dockerfile.place(word.start, word.end)
    return None


def _help(reference: str) -> str:
    return f"name the version that you built with, or its digest (`docker image inspect {reference}` shows it)"
