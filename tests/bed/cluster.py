"""A Kubernetes cluster of real servers on loopback: a folder goes in, a ready cluster comes out, and goes again.

Who uses it is the administrator, or a ServiceAccount by its token; TLS is verified everywhere.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from tests.bed import control_plane, karpenter, kubeconfig
from tests.bed.nodes import Machine, node
from tests.bed.ports import HOST, free_port
from tests.bed.process import Process
from tests.bed.settled import KINDS, unsettled
from tests.bed.tools import tool

POLL_SECONDS = 0.2


class KubectlError(Exception):
    """kubectl refused; the message is what it wrote."""


class NotSettledError(Exception):
    """Some objects were still moving when the time was over; the message names them."""


class Cluster:
    """A running cluster. `start` makes it, `stop` (or the end of a `with`) leaves nothing of it running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = control_plane.make_keys(folder / "pki")
        self.ca = self.keys.authority.certificate
        self.port = free_port()
        self.url = f"https://{HOST}:{self.port}"
        self.client = control_plane.Client(folder, self.keys, kubeconfig.Server(self.url, self.ca))
        self.kubeconfig = self.client.kubeconfig("admin")
        self.audit_log = folder / "audit.log"
        self._processes: list[Process] = []

    @classmethod
    def start(cls, folder: Path, *, karpenter: bool = False) -> Self:
        """Ready when it returns; when it fails it leaves nothing running."""
        folder.mkdir(parents=True, exist_ok=True)
        cluster = cls(folder)
        try:
            cluster._start_servers()
            if karpenter:
                cluster._start_karpenter()
        except BaseException:
            cluster.stop()
            raise
        return cluster

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def processes(self) -> Sequence[Process]:
        return tuple(self._processes)

    def stop(self) -> None:
        """The last started first, each waited for: an API server without its etcd would hang on and keep its port."""
        while self._processes:
            self._processes.pop().stop()
        shutil.rmtree(self.folder / "etcd", ignore_errors=True)  # 130 MB; pytest keeps the folders of three runs

    def kubectl(self, *arguments: str | Path, input: str | None = None, check: bool = True) -> str:  # noqa: A002
        """kubectl's standard output, as administrator; with `check=False` its error text where it failed."""
        return self.kubectl_as(self.kubeconfig, *arguments, input=input, check=check)

    def kubectl_as(
        self,
        config: Path,
        *arguments: str | Path,
        input: str | None = None,  # noqa: A002  # as subprocess names it
        check: bool = True,
    ) -> str:
        command = [tool("kubectl"), f"--kubeconfig={config}", f"--cache-dir={self.folder / 'kubectl'}", *arguments]
        done = subprocess.run(command, input=input, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout
        if check:
            raise KubectlError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout + done.stderr

    def get(self, *arguments: str) -> Any:
        """`kubectl get ... -o json`, decoded: an object, or a list's items."""
        answer = json.loads(self.kubectl("get", *arguments, "-o", "json"))
        return answer["items"] if answer["kind"] == "List" else answer

    def apply(self, objects: str | dict[str, Any] | Iterable[dict[str, Any]]) -> None:
        """YAML or JSON text, an object or several; on the server's side, so that the last one to apply wins."""
        if isinstance(objects, dict):
            objects = [objects]
        if not isinstance(objects, str):
            objects = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=objects)

    def create_namespace(self, name: str, labels: dict[str, str] | None = None) -> None:
        """Waits for its default ServiceAccount, without which no pod is admitted."""
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}})
        self.kubectl("wait", "--for=create", "serviceaccount/default", "-n", name, "--timeout=30s")

    def service_account_kubeconfig(self, namespace: str, name: str, seconds: int = 3600) -> Path:
        """A kubeconfig with a fresh token of this ServiceAccount and nothing else."""
        token = self.kubectl("create", "token", name, "-n", namespace, f"--duration={seconds}s").strip()
        path = self.folder / f"{namespace}-{name}.kubeconfig"
        return kubeconfig.with_token(path, self.client.server, token, namespace)

    def add_nodes(self, machines: Iterable[Machine], seconds: float = 30.0) -> None:
        """Ready, and free of the taint that new nodes carry, when it returns."""
        nodes = [node(machine) for machine in machines]
        self.kubectl("create", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "List", "items": nodes}))
        names = [f"node/{item['metadata']['name']}" for item in nodes]
        self.kubectl("wait", "--for=condition=Ready", *names, f"--timeout={seconds:.0f}s")

    def wait_ready(self, *namespaces: str, seconds: float = 60.0, pending_ok: bool = False) -> None:
        """Until all pods of the namespaces (of all, when none is named) are Running or done, and Jobs complete.

        With `pending_ok` pods that fit on no node do not keep it waiting.
        """
        deadline = time.monotonic() + seconds
        while moving := unsettled(self._workloads(namespaces), pending_ok=pending_ok):
            if time.monotonic() > deadline:
                raise NotSettledError(f"after {seconds:.0f} s still moving: {', '.join(moving[:10])}")
            time.sleep(POLL_SECONDS)

    def _workloads(self, namespaces: Sequence[str]) -> list[Any]:
        kinds = ",".join(KINDS)
        if not namespaces:
            return list(self.get(kinds, "-A"))
        return [item for namespace in namespaces for item in self.get(kinds, "-n", namespace)]

    def _start_servers(self) -> None:
        etcd = f"https://{HOST}:{free_port()}"
        self._processes.append(control_plane.start_etcd(self.folder, self.keys, etcd))
        apiserver = control_plane.start_apiserver(self.folder, self.keys, etcd, self.port)
        self._processes.append(apiserver)
        apiserver.wait_until(lambda: self.kubectl("get", "--raw", "/readyz", check=False) == "ok")
        self._processes.extend(start(self.client) for start in control_plane.SERVERS)
        manager = next(process for process in self._processes if process.name == "kube-controller-manager")
        account = ("get", "serviceaccount/default", "-n", "default", "-o", "name")
        manager.wait_until(lambda: self.kubectl(*account, check=False).strip() == "serviceaccount/default")

    def _start_karpenter(self) -> None:
        self.kubectl("apply", "--server-side", *karpenter.definitions())
        self.create_namespace(karpenter.NAMESPACE)
        self.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        self._processes.append(karpenter.start(self.client))
        self.apply([karpenter.NODE_CLASS, karpenter.NODE_POOL])
