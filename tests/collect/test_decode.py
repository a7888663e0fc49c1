"""Wire objects become the model's."""

import msgspec
import pytest

from costkit.collect import decode, decode_policy
from costkit.collect.wire import WireMeta, WireNode, WirePod
from costkit.collect.wire_policy import (
    WireHpa,
    WireLimitRange,
    WirePdb,
    WireService,
    WireStorageClass,
    WireVolume,
    WireVpa,
)
from costkit.model.objects import HpaMetric
from costkit.model.quantities import GIBIBYTE
from costkit.model.target import Target

API = Target("shop", "Deployment", "api")


def pod(meta=None, status=None, **spec):
    made = {"metadata": {"name": "p", "namespace": "shop", **(meta or {})}, "spec": spec, "status": status or {}}
    return decode.pod(msgspec.convert(made, type=WirePod), API)


def node(labels=None, spec=None, **status):
    made = {"metadata": {"name": "n", "labels": labels}, "spec": spec or {}, "status": status}
    return decode.node(msgspec.convert(made, type=WireNode))


def reader(**container):
    return pod(containers=[{"name": "c", **container}]).containers[0].memory_reader


def test_quantities_become_cores_and_bytes():
    resources = {"requests": {"cpu": "250m", "memory": "1Gi", "nvidia.com/gpu": "1"}, "limits": {"memory": "2Gi"}}
    (one,) = pod(containers=[{"name": "c", "resources": resources}]).containers
    assert one.requests == {"cpu": 0.25, "memory": GIBIBYTE, "nvidia.com/gpu": 1.0}
    assert one.limits == {"memory": 2 * GIBIBYTE}


def test_init_containers_come_last_and_native_sidecars_are_told_apart():
    made = pod(
        containers=[{"name": "main"}],
        initContainers=[{"name": "init"}, {"name": "mesh", "restartPolicy": "Always"}],
    )
    assert [(c.name, c.init, c.sidecar, c.runs_on) for c in made.containers] == [
        ("main", False, False, True),
        ("init", True, False, False),
        ("mesh", True, True, True),
    ]


def test_annotations_that_costkit_does_not_read_are_dropped():
    meta = {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "secret", "karpenter.sh/x": "1"}}
    assert pod(meta).meta.annotations == {"karpenter.sh/x": "1"}


def test_no_environment_value_is_kept():
    made = pod(containers=[{"name": "c", "env": [{"name": "PASSWORD", "value": "hunter2"}], "args": ["--key=hunter2"]}])
    assert "hunter2" not in repr(made)


@pytest.mark.parametrize(
    ("container", "found"),
    [
        ({"args": ["-XX:MaxRAMPercentage=75"]}, "MaxRAMPercentage"),
        ({"env": [{"name": "JAVA_TOOL_OPTIONS", "value": "-XX:MaxRAMPercentage=75"}]}, "MaxRAMPercentage"),
        ({"env": [{"name": "GOMEMLIMIT", "value": "1GiB"}]}, "GOMEMLIMIT"),
        (
            {"env": [{"name": "M", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}}]},
            "resourceFieldRef",
        ),
        ({"env": [{"name": "C", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}]}, ""),
        ({"args": ["-Xmx1g"]}, ""),
        ({}, ""),
    ],
)
def test_a_runtime_that_sizes_itself_from_its_limit_is_known(container, found):
    assert reader(**container) == found


@pytest.mark.parametrize(
    ("resource", "reads"), [("limits.cpu", True), ("limits.memory", False), ("requests.cpu", False)]
)
def test_an_environment_that_holds_the_cpu_limit_is_known(resource, reads):
    variable = {"name": "GOMAXPROCS", "valueFrom": {"resourceFieldRef": {"resource": resource}}}
    (spec,) = pod(containers=[{"name": "c", "env": [variable]}]).containers
    assert spec.reads_cpu_limit is reads


def controller(*owners):
    found = decode.controller(msgspec.convert({"ownerReferences": list(owners)}, type=WireMeta))
    return found and found.name


def test_the_controlling_owner_is_the_controller_else_the_only_owner():
    other, own = (
        {"kind": "K", "name": n, "apiVersion": "x/v1", "controller": c} for n, c in (("a", False), ("b", True))
    )
    assert controller(other, own) == "b"
    assert controller(other) == "a"
    assert controller(other, other) is None
    assert controller() is None


def test_the_state_of_containers_is_told():
    state = {"name": "c", "restartCount": 7, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}
    killed = {**state, "lastState": {"terminated": {"reason": "OOMKilled"}}}
    (one,) = pod(status={"phase": "Running", "containerStatuses": [killed]}).states
    assert (one.restarts, one.waiting, one.last_exit) == (7, "CrashLoopBackOff", "OOMKilled")


def test_a_pod_ends_with_the_last_of_its_containers():
    ends = [{"name": n, "state": {"terminated": {"finishedAt": f"2026-11-24T09:00:0{i}Z"}}} for i, n in enumerate("ab")]
    done = pod(status={"phase": "Succeeded", "containerStatuses": ends})
    assert done.end == decode.seconds("2026-11-24T09:00:01Z")
    assert pod(status={"phase": "Running", "containerStatuses": ends}).end is None


def test_times_are_unix_seconds():
    assert decode.seconds("1970-01-01T00:01:00Z") == 60.0
    assert decode.seconds("1970-01-01T01:00:00+01:00") == 0.0
    assert decode.seconds(None) is None


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        ({"karpenter.sh/capacity-type": "spot"}, "spot"),
        ({"karpenter.sh/capacity-type": "on-demand"}, "on-demand"),
        ({"eks.amazonaws.com/capacityType": "SPOT"}, "spot"),
        ({"cloud.google.com/gke-spot": "true"}, "spot"),
        ({"kubernetes.azure.com/scalesetpriority": "spot"}, "spot"),
        ({}, "on-demand"),
    ],
)
def test_spot_is_known_by_each_providers_label(labels, kind):
    assert node(labels).capacity_type == kind


def test_a_node_is_what_its_labels_and_status_say():
    made = node(
        {"beta.kubernetes.io/instance-type": "m5.large", "topology.kubernetes.io/zone": "a", "agentpool": "p"},
        {"providerID": "aws:///a/i-1", "unschedulable": True, "taints": [{"key": "gpu", "effect": "NoSchedule"}]},
        allocatable={"cpu": "1930m"},
        conditions=[{"type": "Ready", "status": "False"}],
    )
    assert (made.instance_type, made.zone, made.pool, made.provider) == ("m5.large", "a", "p", "aws")
    assert (made.unschedulable, made.ready, made.taints) == (True, False, ("gpu=:NoSchedule",))
    assert made.allocatable == {"cpu": 1.93}


def hpa(*metrics, current=()):
    made = {
        "metadata": {"name": "h", "namespace": "shop"},
        "spec": {
            "scaleTargetRef": {"kind": "Deployment", "name": "api", "apiVersion": "apps/v1"},
            "maxReplicas": 9,
            "metrics": list(metrics),
        },
        "status": {"desiredReplicas": 4, "currentMetrics": list(current)},
    }
    return decode_policy.autoscaler(msgspec.convert(made, type=WireHpa))


def test_an_hpa_is_read_with_its_target_and_bounds():
    made = hpa()
    assert (made.workload, made.minimum, made.maximum, made.desired) == (API, 1, 9, 4)


def test_metrics_of_every_type_are_read_with_what_they_stand_at():
    cpu = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}
    one = {
        "type": "ContainerResource",
        "containerResource": {
            "name": "cpu",
            "container": "main",
            "target": {"type": "Utilization", "averageUtilization": 60},
        },
    }
    lag = {"type": "External", "external": {"metric": {"name": "lag"}, "target": {"type": "Value", "value": "1k"}}}
    now = {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 95, "averageValue": "1"}}}
    assert hpa(cpu, one, lag, current=[now]).metrics == (
        HpaMetric("Resource", "cpu", "", "Utilization", 80.0, 95.0),
        HpaMetric("ContainerResource", "cpu", "main", "Utilization", 60.0, None),
        HpaMetric("External", "lag", "", "Value", 1000.0, None),
    )


def vpa(**spec):
    target = {"kind": "Deployment", "name": "api"}
    made = {"metadata": {"name": "v", "namespace": "shop"}, "spec": {"targetRef": target, **spec}}
    return decode_policy.vertical_autoscaler(msgspec.convert(made, type=WireVpa))


def test_a_vpa_without_a_policy_is_automatic():
    assert vpa().mode == "Auto"
    assert vpa(updatePolicy={"updateMode": "Off"}).mode == "Off"


def test_a_limit_range_is_its_bounds_for_containers_and_for_pods():
    def read(*limits):
        return decode_policy.limit_range(
            msgspec.convert({"metadata": {"name": "l"}, "spec": {"limits": list(limits)}}, type=WireLimitRange)
        )

    bounds = {"type": "Container", "min": {"cpu": "100m"}, "maxLimitRequestRatio": {"cpu": "4"}}
    found = read({"type": "Pod", "max": {"cpu": "9"}}, bounds)
    assert (found.minimum, found.maximum, found.max_ratio) == ({"cpu": 0.1}, {}, {"cpu": 4.0})
    assert (found.pod_minimum, found.pod_maximum) == ({}, {"cpu": 9.0})
    assert read({"type": "Pod", "min": {"cpu": "1"}}).pod_minimum == {"cpu": 1.0}
    assert read({"type": "PersistentVolumeClaim"}) is None


def test_a_budget_keeps_its_numbers_as_they_are_written():
    made = {"metadata": {"name": "b"}, "spec": {"minAvailable": "50%", "selector": {"matchLabels": {"a": "b"}}}}
    found = decode_policy.disruption_budget(msgspec.convert(made, type=WirePdb))
    assert (found.min_available, found.max_unavailable, found.selector) == ("50%", "", {"a": "b"})


@pytest.mark.parametrize(
    ("source", "driver"),
    [
        ({"csi": {"driver": "ebs.csi.aws.com"}}, "ebs.csi.aws.com"),
        ({"awsElasticBlockStore": {"volumeID": "vol-1"}}, "kubernetes.io/aws-ebs"),
        ({"gcePersistentDisk": {"pdName": "d"}}, "kubernetes.io/gce-pd"),
        ({"azureDisk": {"diskName": "d"}}, "kubernetes.io/azure-disk"),
        ({"azureFile": {"shareName": "d"}}, "kubernetes.io/azure-file"),
        ({"nfs": {"server": "s"}}, "kubernetes.io/nfs"),
        ({"hostPath": {"path": "/d"}}, "kubernetes.io/host-path"),
        ({"local": {"path": "/d"}}, "kubernetes.io/local-volume"),
        ({"vsphereVolume": {"volumePath": "d"}}, "kubernetes.io/vsphere-volume"),
        ({}, ""),
    ],
)
def test_a_volume_names_the_driver_that_it_lies_with(source, driver):
    made = {"metadata": {"name": "v"}, "spec": {"capacity": {"storage": "1Gi"}, **source}}
    assert decode_policy.volume(msgspec.convert(made, type=WireVolume)).driver == driver


def test_of_a_storage_class_only_what_a_price_depends_on_is_kept():
    made = {"metadata": {"name": "s"}, "provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3", "kmsKeyId": "k"}}
    assert decode_policy.storage_class(msgspec.convert(made, type=WireStorageClass)).parameters == {"type": "gp3"}


def test_a_load_balancers_addresses_are_ips_or_names():
    made = {
        "metadata": {"name": "s"},
        "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.1"}, {"hostname": "lb"}]}},
    }
    assert decode_policy.service(msgspec.convert(made, type=WireService)).addresses == ("10.0.0.1", "lb")
