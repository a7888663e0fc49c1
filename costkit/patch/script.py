"""`apply.sh`: patches live objects with care, in POSIX sh, with kubectl alone.

In: workload patches with their files. Out: the script's text. It is run by a person, never by costkit.
"""

import shlex
from collections.abc import Iterable

from costkit.model.plan import Plan
from costkit.model.target import Target
from costkit.patch.header import counted, seen
from costkit.patch.operations import WorkloadPatch
from costkit.patch.yaml import comment, one_line

_START = """\
# Asks the server what each change would do. APPLY=1 makes them, once all were accepted.
# FORCE=1 also changes objects that Helm, Argo CD or Flux manage. KUBECTL names another kubectl, with its flags.
set -u
cd -- "$(dirname -- "$0")" || exit 4

stop() {
    printf 'error: %s\\nhelp: %s\\n' "$1" "$2" >&2
    exit 4
}

kube() {
    ${KUBECTL:-kubectl} "$@"
}

# Who would undo a live change, by the marks that they leave.
managers='{{with .metadata.annotations}}{{if index . "meta.helm.sh/release-name"}}Helm {{end}}\
{{if index . "argocd.argoproj.io/tracking-id"}}Argo CD {{end}}{{end}}\
{{with .metadata.labels}}{{if index . "argocd.argoproj.io/instance"}}Argo CD {{end}}\
{{if index . "kustomize.toolkit.fluxcd.io/name"}}Flux {{end}}{{if index . "helm.toolkit.fluxcd.io/name"}}Flux {{end}}\
{{if eq (print (index . "app.kubernetes.io/managed-by")) "Helm"}}Helm {{end}}{{end}}'

# change NAMESPACE OBJECT TYPE FILE POD-SPEC MANAGER CONTAINER...
change() {
    namespace=$1 object=$2 type=$3 file=$4 spec=$5 manager=$6
    shift 6
    count=$((count + 1))
    marks=$(kube get "$object" -n "$namespace" -o "go-template=$managers") ||
        stop "$namespace/$object cannot be read" "make the patches again: it may be gone"
    manager=${marks:-$manager}
    if [ -n "$manager" ] && [ "${FORCE:-}" != 1 ]; then
        printf '[%s/%s] %s/%s left alone: managed by %s\\n' "$count" "$total" "$namespace" "$object" "${manager% }" >&2
        refused=$((refused + 1))
        return
    fi
    live=$(kube get "$object" -n "$namespace" -o "jsonpath={$spec.containers[*].name}") ||
        stop "the containers of $namespace/$object cannot be read" "make the patches again: it may be gone"
    for container in "$@"; do
        # A merge by a name that is not there would add a container without an image.
        case " $live " in
        *" $container "*) ;;
        *) stop "$namespace/$object has no container $container, only: $live" "make the patches again" ;;
        esac
    done
    printf '[%s/%s, %s] ' "$count" "$total" "$step"
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
    return f"#!/bin/sh\n{about}{_START}    total={len(calls)}\n{''.join(calls)}{_END}"


def _call(patch: WorkloadPatch, path: str) -> str:
    words = [
        patch.target.namespace,
        _resource(patch.target),
        patch.template.form,
        "/".join(path.rsplit("/", 2)[1:]),
        "".join(f".{key}" for key in patch.template.path),
        one_line(patch.managed_by),
        *(container.name for container in patch.containers),
    ]
    return f"    change {' '.join(shlex.quote(word) for word in words)}\n"


def _resource(target: Target) -> str:
    """As kubectl takes it, unmistakable: `deployment.v1.apps/api`."""
    group = f".{target.api_version.rpartition('/')[2]}.{target.group}" if target.group else ""
    return f"{target.kind.lower()}{group}/{target.name}"
