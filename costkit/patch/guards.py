"""What a live object must look like before a script may patch it: words for the script, and the queries that it asks.

In: workload patches and the table of tools that keep objects. Out: text for `apply.sh`. Nothing is asked here.
"""

from costkit.k8s.managers import MARKS, Mark
from costkit.patch.operations import SECTIONS, ContainerPatch, FieldChange, WorkloadPatch

_SUFFIXES = ("", "k", "M", "G", "T", "P", "E")


def managers_query() -> str:
    """A go-template that prints the tool that keeps an object; the first of the table decides, as everywhere."""
    marks = (_mark(mark, place) for mark in reversed(MARKS) for place in ("labels", "annotations"))
    return "\n{{- ".join(('{{$tool := ""}}', *marks, "$tool}}"))


def values_query() -> str:
    """JSONPath below a container: a word a quantity, ` api/requests.cpu=250m`, without a value where there is none."""
    fields = (f"{section}.{resource}" for section in SECTIONS for resource in ("cpu", "memory"))
    return "".join(f" {{.name}}/{field}={{.resources.{field}}}" for field in fields)


def words(patch: WorkloadPatch) -> list[str]:
    """The containers that must be there, and a word `api/requests.cpu=OLD=NEW` for each quantity that changes."""
    return [word for container in patch.containers for word in (container.name, *_fields(patch, container))]


def _mark(mark: Mark, place: str) -> str:
    found = f'index . "{mark.key}"'
    test = f'eq (print ({found})) "{mark.value}"' if mark.value else found
    return f'with .metadata.{place}}}}}{{{{if {test}}}}}{{{{$tool = "{mark.tool}"}}}}{{{{end}}}}{{{{end}}}}'


def _fields(patch: WorkloadPatch, container: ContainerPatch) -> list[str]:
    return [_word(container.name, field, patch.template.form == "strategic") for field in container.fields]


def _word(container: str, field: FieldChange, is_rewritten: bool) -> str:
    """The API server rewrites the quantities of built-in kinds, and leaves those of custom resources as they are."""
    written = ("" if value is None else str(value) for value in (field.old, field.new))
    old, new = (_served(text) if is_rewritten else text for text in written)
    return f"{container}/{field.section}.{field.resource}={old}={new}"


def _served(quantity: str) -> str:
    """Canonical for resource.Quantity: a bare number has the largest suffix that leaves it whole (`1500M`)."""
    if not quantity.isdigit():
        return quantity
    number, power = int(quantity), 0
    while number and number % 1000 == 0 and power < len(_SUFFIXES) - 1:
        number, power = number // 1000, power + 1
    return f"{number}{_SUFFIXES[power]}"
