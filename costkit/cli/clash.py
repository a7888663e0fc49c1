"""Flags that say two things at once: a snapshot is a file, so flags that ask a cluster have nothing to ask."""

from dataclasses import fields

from costkit.cli.flags import ClusterFlags, MetricsFlags
from costkit.errors import UsageError


def refuse_clash(words: list[str]) -> None:
    """UsageError where `--snapshot` and a flag of the cluster or its Prometheus are both on the command line.

    Those from the environment or a file serve other commands, too, and are passed over.
    """
    given = {word.partition("=")[0] for word in words}
    asked = [_flag(field.name) for kind in (ClusterFlags, MetricsFlags) for field in fields(kind)]
    clash = next((flag for flag in asked if flag in given), None)
    if "--snapshot" in given and clash:
        raise UsageError(
            f"{clash} asks a cluster, but --snapshot is a file",
            f"leave {clash} out, or collect another snapshot with it",
        )


def _flag(name: str) -> str:
    return "--" + name.rstrip("_").replace("_", "-")
