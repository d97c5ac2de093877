"""A workflow runs somebody else's action by a branch or tag, which can be moved."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    Outcome,
    Related,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
    Use,
    Workflow,
    lazy_pattern,
)

_COMMIT = lazy_pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_VERSION = lazy_pattern(r".*\d")


class Options(RuleOptions):
    """Options of floating-action."""

    trusted: tuple[str, ...] = Field(
        ("actions", "github"), description="Owners whose actions may be named by a tag: those of the runners themselves"
    )


class FloatingAction(Rule):
    """A note for tags, which are seldom moved; a warning for branches, which always are."""

    meta = RuleMeta(
        code="CIW003",
        name="floating-action",
        family="workflows",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A workflow runs somebody else's action by a branch or tag, which can be moved.",
        why="The same workflow runs other code tomorrow, with the tokens and secrets that it is given.",
        help="name the commit, and the version in a comment behind it",
    )
    Options = Options
    triggers = (b"uses",)

    def check(self, workflow: Workflow) -> Outcome:
        """One finding for each action and revision in a file, at its first use."""
        if workflow.provider != "github":
            return
        uses: dict[str, list[Use]] = {}
        for use in workflow.uses:
            if use.owner and use.owner.lower() not in self.options.trusted and _floats(use):
                uses.setdefault(use.reference, []).append(use)
        for first, *others in uses.values():
            is_version = bool(_VERSION.match(first.revision))
            what = "which its owner can move to other code" if is_version else "which names no version"
            yield Finding(
                first.place,
                f"`{first.name}` is run as of `{first.revision}`, {what}",
                help=f"name the commit that it stands for: `uses: {first.name}@<40 characters>  # {first.revision}`",
                severity=None if is_version else Severity.WARNING,
                related=tuple(Related(use.place, "likewise") for use in others),
            )


def _floats(use: Use) -> bool:
    return bool(use.revision) and "${{" not in use.reference and not _COMMIT.fullmatch(use.revision)
