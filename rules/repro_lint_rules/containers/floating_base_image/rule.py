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
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
    Stage,
    expand_variables,
    is_open_text,
)
from repro_lint_rules.containers.images import ImageName, is_local, parse_image, what_moves


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
        """One finding for each image, at its name."""
        for stage in dockerfile.stages:
            if stage.base and (finding := self._judge_base(dockerfile, stage)):
                yield finding
        yield from self._copied(dockerfile)

    def _judge_base(self, dockerfile: Dockerfile, stage: Stage) -> Finding | None:
        assert stage.base is not None
        image = parse_image(stage.base)
        why = None if image.name == "scratch" or is_local(image) else self._why(image)
        if why is None:
            return None
        by_default = f" (the default of `{stage.variable}`)" if stage.variable else ""
        return Finding(
            dockerfile.place(stage.image.start, stage.image.end),
            f"`{stage.base}`{by_default} {why}",
            confidence=Confidence.MEDIUM if stage.variable else None,
            help=_help(image),
        )

    def _copied(self, dockerfile: Dockerfile) -> Iterator[Finding]:
        """Images that files are copied from. A name alone may be that of a context which the build is given."""
        stages = {stage.name for stage in dockerfile.stages if stage.name}
        for instruction in dockerfile.instructions:
            source = next((f for f in instruction.flags if f.name == "from"), None)
            if instruction.keyword != "COPY" or source is None:
                continue
            reference = expand_variables(source.value, dockerfile.variables_at(instruction))
            image = parse_image(reference)
            if is_open_text(reference) or reference.lower() in stages or not (image.tag or "/" in image.name):
                continue
            if why := self._why(image):
                place = dockerfile.place(source.start, source.start + len(source.value))
                yield Finding(place, f"`{reference}` {why}", help=_help(image))

    def _why(self, image: ImageName) -> str | None:
        why = what_moves(image)
        if why is None and self.options.require_digest and not image.digest:
            return f"has no digest: what the tag `{image.tag}` stands for can change"
        return why


def _help(image: ImageName) -> str:
    name = image.name if not image.tag else f"{image.name}:{image.tag}"
    return f"name the version that you built with, or its digest (`docker image inspect {name}` shows it)"
