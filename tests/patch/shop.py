"""A namespace of the bed with objects to patch, and a folder of patches for it."""

import os
import subprocess
from dataclasses import replace
from typing import Any

from costkit.patch.folder import write_patches
from costkit.patch.tree import patches
from tests.bed.tools import tool
from tests.patch.plans import BEFORE

ROLLOUTS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "rollouts.argoproj.io"},
    "spec": {
        "group": "argoproj.io",
        "scope": "Namespaced",
        "names": {"plural": "rollouts", "singular": "rollout", "kind": "Rollout", "listKind": "RolloutList"},
        "versions": [
            {
                "name": "v1alpha1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                },
            }
        ],
    },
}


class Shop:
    """A namespace of the bed, and a folder of patches for it."""

    def __init__(self, bed, namespace, folder):
        self.bed, self.namespace, self.folder = bed, namespace, folder

    def place(self, target):
        return replace(target, namespace=self.namespace)

    def create(self, target, *containers, **metadata):
        self.bed.apply(manifest(target, containers, metadata))

    def read(self, target):
        group = f".{target.api_version.rpartition('/')[2]}.{target.group}" if target.group else ""
        name = f"{target.kind.lower()}{group}/{target.name}"
        return self.bed.get(name, "-n", self.namespace, "--show-managed-fields")

    def spec(self, target):
        """The spec and how often it was changed; controllers write the rest on their own."""
        found = self.read(target)
        return found["spec"], found["metadata"]["generation"]

    def write(self, made):
        return write_patches(patches(made), self.folder)

    def run(self, script="kubectl/apply.sh", **environment):
        """Exit code, standard output and standard error of a script, run from elsewhere."""
        path = self.folder / script
        path = path if path.exists() else self.folder / "raises" / script
        kubectl = f"{tool('kubectl')} --kubeconfig={self.bed.kubeconfig}"
        done = subprocess.run(
            ["sh", path], env={"PATH": os.environ["PATH"], "KUBECTL": kubectl, **environment}, cwd="/",
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr


def manifest(target, containers, metadata=None):
    labels = {"app": target.name}
    template: dict[str, Any] = {"metadata": {"labels": labels}, "spec": {"containers": list(containers)}}
    spec: dict[str, Any] = {"template": template}
    if target.kind == "CronJob":
        template["spec"]["restartPolicy"] = "Never"
        spec = {"schedule": "0 3 1 1 *", "jobTemplate": {"spec": {"template": template}}}
    elif target.kind == "ReplicationController":
        spec |= {"selector": labels, "replicas": 0}
    else:
        spec |= {"selector": {"matchLabels": labels}}
        spec |= {} if target.kind == "DaemonSet" else {"replicas": 0}
    identity = {"name": target.name, "namespace": target.namespace}
    return {
        "apiVersion": target.api_version,
        "kind": target.kind,
        "metadata": {**identity, **(metadata or {})},
        "spec": spec,
    }


def container(name, declared=BEFORE):
    maps = {s: {k: v for k, v in m.items() if v} for s, m in declared.quantities().items()}
    return {"name": name, "image": f"{name}:1", "env": [{"name": "A", "value": "b"}], "resources": maps}


def containers_of(found):
    spec = found["spec"]
    return spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]["containers"]
