"""kube-state-metrics' series of what owns pods, of Jobs and of autoscalers: a scene goes in, rows come out."""

from collections.abc import Iterator
from itertools import chain

from tests.bed.samples import Row
from tests.bed.scene import AutoscalerSeries, JobSeries, OwnerSeries
from tests.bed.state import State, flag, label_names, owner_labels

# Each kind has names of its own for the same: wanted, there, ready.
REPLICA_NAMES = {
    "Deployment": (
        ("spec_replicas", "status_replicas"),
        ("status_replicas_ready", "status_replicas_available", "status_replicas_updated"),
    ),
    "ReplicaSet": (("spec_replicas", "status_replicas"), ("status_ready_replicas",)),
    "StatefulSet": (
        ("replicas", "status_replicas"),
        ("status_replicas_ready", "status_replicas_available", "status_replicas_current"),
    ),
    "DaemonSet": (
        ("status_desired_number_scheduled", "status_current_number_scheduled"),
        ("status_number_ready", "status_number_available"),
    ),
}


def rows(state: State) -> Iterator[Row]:
    scene = state.scene
    return chain(
        chain.from_iterable(_owner(state, owner) for owner in scene.owners),
        chain.from_iterable(_job(state, job) for job in scene.jobs),
        chain.from_iterable(_autoscaler(state, autoscaler) for autoscaler in scene.autoscalers),
    )


def _owner(state: State, owner: OwnerSeries) -> Iterator[Row]:
    kind = owner.kind.lower()
    names, life = {"namespace": owner.namespace, kind: owner.name}, (owner.start, owner.end)
    wanted, ready = REPLICA_NAMES[owner.kind]
    yield from state.row(f"kube_{kind}_created", names, life, float(owner.start))
    for name in wanted:
        yield from state.row(f"kube_{kind}_{name}", names, life, owner.replicas)
    for name in ready:
        yield from state.row(f"kube_{kind}_{name}", names, life, owner.replicas if owner.ready is None else owner.ready)
    if owner.kind == "ReplicaSet":
        owned = owner_labels(owner.owner_kind, owner.owner_name)
        yield from state.row("kube_replicaset_owner", {**names, **owned}, life)
    else:
        yield from state.row(f"kube_{kind}_labels", {**names, **label_names(owner.labels)}, life)


def _job(state: State, job: JobSeries) -> Iterator[Row]:
    """The label is `job_name`: `job` is the scrape's own."""
    names, life = {"namespace": job.namespace, "job_name": job.name}, (job.start, job.deleted)
    owned = owner_labels(job.owner_kind, job.owner_name)
    yield from state.row("kube_job_info", names, life)
    yield from state.row("kube_job_created", names, life, float(job.start))
    yield from state.row("kube_job_owner", {**names, **owned}, life)
    yield from state.row("kube_job_status_start_time", names, life, float(job.start))
    done = state.scene.end + 1 if job.completion is None else job.completion
    active = ((job.start, 1.0), (done, 0.0))
    yield from state.row("kube_job_status_active", names, life, active)
    yield from state.row("kube_job_status_succeeded", names, life, ((job.start, 0.0), (done, float(job.succeeded))))
    failed = {**names, "reason": ""} if job.failed else names
    yield from state.row("kube_job_status_failed", failed, life, ((job.start, 0.0), (done, float(job.failed))))
    if job.completion is not None:
        yield from _job_end(state, job, names, job.completion)


def _job_end(state: State, job: JobSeries, names: dict[str, str], completion: int) -> Iterator[Row]:
    life = (completion, job.deleted)
    if job.succeeded:
        yield from state.row("kube_job_status_completion_time", names, life, float(completion))
    name = "kube_job_complete" if job.succeeded else "kube_job_failed"
    for condition in ("true", "false", "unknown"):
        yield from state.row(name, {**names, "condition": condition}, life, flag(condition == "true"))


def _autoscaler(state: State, autoscaler: AutoscalerSeries) -> Iterator[Row]:
    prefix, life = "kube_horizontalpodautoscaler", (autoscaler.start, autoscaler.end)
    names = {"namespace": autoscaler.namespace, "horizontalpodautoscaler": autoscaler.name}
    target = {"scaletargetref_api_version": "apps/v1", "scaletargetref_kind": autoscaler.target_kind}
    yield from state.row(f"{prefix}_info", {**names, **target, "scaletargetref_name": autoscaler.target_name}, life)
    yield from state.row(f"{prefix}_spec_min_replicas", names, life, float(autoscaler.minimum))
    yield from state.row(f"{prefix}_spec_max_replicas", names, life, float(autoscaler.maximum))
    desired = autoscaler.current if autoscaler.desired is None else autoscaler.desired
    yield from state.row(f"{prefix}_status_current_replicas", names, life, autoscaler.current)
    yield from state.row(f"{prefix}_status_desired_replicas", names, life, desired)
    for metric, kind, value in autoscaler.metrics:
        of = {**names, "metric_name": metric, "metric_target_type": kind, "container": ""}
        yield from state.row(f"{prefix}_spec_target_metric", of, life, value)
