"""`apply.sh`: patches live objects with care, in POSIX sh, with kubectl alone.

In: workload patches with their files. Out: the script's text. It is run by a person, never by costkit.
"""

import shlex
from collections.abc import Iterable

from costkit.model.plan import Plan
from costkit.model.target import Target
from costkit.patch.guards import managers_query, values_query, words
from costkit.patch.header import counted, seen
from costkit.patch.operations import WorkloadPatch
from costkit.patch.yaml import comment, one_line

_START = """\
# Asks the server what each change would do. APPLY=1 makes them, once all were accepted. KUBECTL names another kubectl,
# with its flags. FORCE=1 also changes what another tool manages, and values that are no longer those that the plan saw
# (but in custom resources: their patches have guards of their own).
set -uf
cd -- "$(dirname -- "$0")" || exit 4

stop() {
    printf 'error: %s\\nhelp: %s\\n' "$1" "$2" >&2
    exit 4
}

kube() {
    ${KUBECTL:-kubectl} "$@"
}

# Who would undo a live change, by the marks that they leave.
managers=@MANAGERS@
# The sizes of a container.
sizes=@VALUES@

# has CONTAINER: a merge by a name that is not there would add a container without an image.
has() {
    case " $names " in
    *" $1 "*) ;;
    *) stop "$namespace/$object has no container $1, only: $names" "make the patches again" ;;
    esac
}

# meets CONTAINER/FIELD=OLD=NEW: what a person or a tool has set since the plan is not overwritten.
meets() {
    field=${1%%=*} values=${1#*=}
    case " $live " in
    *" $field=${values#*=} "*) return ;;
    *" $field=${values%=*} "*) to_do=1 && return ;;
    esac
    to_do=1
    [ "${FORCE:-}" != 1 ] || return
    for now in $live; do
        case $now in
        "$field="*) break ;;
        esac
    done
    now=${now#*=} old=${values%=*}
    stop "$namespace/$object was not changed: $field is ${now:-none}, not ${old:-none}" \\
        "make the patches again, or set FORCE=1 to overwrite it"
}

# change NAMESPACE OBJECT TYPE FILE POD-SPEC MANAGER WORD...: a word is a container, or CONTAINER/FIELD=OLD=NEW.
change() {
    namespace=$1 object=$2 type=$3 file=$4 spec=$5 manager=$6 to_do=0
    shift 6
    count=$((count + 1))
    mark=$(kube get "$object" -n "$namespace" -o "go-template=$managers") ||
        stop "$namespace/$object cannot be read" "make the patches again: it may be gone"
    manager=${manager:-$mark}
    if [ -n "$manager" ] && [ "${FORCE:-}" != 1 ]; then
        printf '[%s/%s] %s/%s left alone: managed by %s\\n' "$count" "$total" "$namespace" "$object" "$manager" >&2
        refused=$((refused + 1))
        return
    fi
    names=$(kube get "$object" -n "$namespace" -o "jsonpath={$spec.containers[*].name}") &&
        live=$(kube get "$object" -n "$namespace" -o "jsonpath={range $spec.containers[*]}$sizes{end}") ||
        stop "the containers of $namespace/$object cannot be read" "make the patches again: it may be gone"
    for word in "$@"; do
        case $word in
        */*) meets "$word" ;;
        *) has "$word" ;;
        esac
    done
    printf '[%s/%s, %s] ' "$count" "$total" "$step"
    if [ "$to_do" = 0 ]; then
        printf '%s/%s has these values already\\n' "$namespace" "$object"
        return
    fi
    kube patch "$object" -n "$namespace" --type "$type" --patch-file "$file" --field-manager=costkit \\
        "--dry-run=$mode" || stop "$namespace/$object was not changed" "see kubectl's words above; $before"
}

changes() {
    mode=$1 step=$2 before=$3 count=0 refused=0
"""

_END = """\
}

changes server "dry run" "nor was anything else"
if [ "${APPLY:-}" = 1 ]; then
    changes none "for good" "those listed before it were"
else
    printf 'Nothing was changed. To change it: APPLY=1 sh apply.sh\\n'
fi
[ "$refused" = 0 ] || stop "$refused of $total are managed by another tool" "change their source, or set FORCE=1"
"""


def script(plan: Plan, patches: Iterable[tuple[WorkloadPatch, str]], verb: str) -> str:
    """All patches of one folder in the order given; `verb` says what the script does with the changes."""
    calls = [_call(patch, path) for patch, path in patches]
    about = comment([f"costkit: {verb} the changes of {counted(len(calls), 'workload')}", seen(plan)])
    start = _START.replace("@MANAGERS@", shlex.quote(managers_query())).replace("@VALUES@", shlex.quote(values_query()))
    return f"#!/bin/sh\n{about}{start}    total={len(calls)}\n{''.join(calls)}{_END}"


def _call(patch: WorkloadPatch, path: str) -> str:
    arguments = [
        patch.target.namespace,
        _resource(patch.target),
        patch.template.form,
        "/".join(path.rsplit("/", 2)[1:]),
        "".join(f".{key}" for key in patch.template.path),
        one_line(patch.managed_by),
        *words(patch),
    ]
    return f"    change {' '.join(shlex.quote(word) for word in arguments)}\n"


def _resource(target: Target) -> str:
    """As kubectl takes it, unmistakable: `deployment.v1.apps/api`."""
    group = f".{target.api_version.rpartition('/')[2]}.{target.group}" if target.group else ""
    return f"{target.kind.lower()}{group}/{target.name}"
