"""An API server with its etcd and nothing else: a folder goes in; a place for many objects, quickly made, comes out.

No controller touches what is written: pods stay as they are posted, owners need not exist. Where something must run,
take `cluster`.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import urllib3

from tests.bed import control_plane, kubeconfig
from tests.bed.certificates import ADMINISTRATORS, Pair
from tests.bed.ports import HOST, free_port
from tests.bed.process import Process

WRITERS = 4
_EVERYTHING = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}
_RBAC = "/apis/rbac.authorization.k8s.io/v1"


def _encoded(text: str) -> str:
    """As etcd's gateway takes keys and values."""
    return base64.b64encode(text.encode()).decode()


_COMPACTED = _encoded("compact_rev_key")


class RefusedError(Exception):
    """The API server or etcd refused; the message is what it said."""


class Bare:
    """A running API server. `start` makes it, `stop` (or the end of a `with`) leaves nothing of it running."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.keys = control_plane.make_keys(folder / "pki")
        self.ca = self.keys.authority.certificate
        self._port = free_port()
        self.url = f"https://{HOST}:{self._port}"
        self.etcd = f"https://{HOST}:{free_port()}"
        self._processes: list[Process] = []
        self._http = self._client(self.keys.authority.client("bare", ADMINISTRATORS))
        self._etcd_client = self._client(self.keys.etcd_client)

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Ready when it returns; when it fails it leaves nothing running."""
        bare = cls(folder)
        try:
            bare._start()
        except BaseException:
            bare.stop()
            raise
        return bare

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for http in (self._http, self._etcd_client):
            http.clear()
        while self._processes:
            self._processes.pop().stop()

    def create(self, path: str, objects: Iterable[Mapping[str, Any]], *, status: bool = False) -> None:
        """Objects of one kind, several at a time; `status` too where it is asked for, which no POST takes."""
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(lambda body: self._write(path, body, status=status), objects))

    def delete(self, path: str, names: Iterable[str]) -> None:
        for name in names:
            self._ask(self._http, "DELETE", f"{self.url}{path}/{name}", {})

    def reader(self, path: Path) -> Path:
        """A kubeconfig with the token of an account that may read everything."""
        name = {"name": "reader", "namespace": "default"}
        self.create("/api/v1/namespaces/default/serviceaccounts", [{"metadata": name}])
        self.create(f"{_RBAC}/clusterroles", [{"metadata": {"name": "reader"}, "rules": [_EVERYTHING]}])
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "reader"}
        binding = {"metadata": {"name": "reader"}, "roleRef": role, "subjects": [{"kind": "ServiceAccount", **name}]}
        self.create(f"{_RBAC}/clusterrolebindings", [binding])
        return kubeconfig.with_token(path, kubeconfig.Server(self.url, self.ca), self.token())

    def token(self, seconds: int = 3600) -> str:
        """A new one of the account `reader`."""
        path = "/api/v1/namespaces/default/serviceaccounts/reader/token"
        answer = self._ask(self._http, "POST", self.url + path, {"spec": {"expirationSeconds": seconds}})
        return str(answer["status"]["token"])

    def compact(self) -> None:
        """etcd forgets every state but the present one, in the way in which API servers make it do so every 5 minutes.

        They tell each other of it by a key; one that reads it forgets its own snapshots, too, up to a second later.
        """
        revision = str(self._to_etcd("range", key=_COMPACTED)["header"]["revision"])
        self._to_etcd("put", key=_COMPACTED, value=_encoded(revision))
        self._to_etcd("compaction", revision=revision, physical=True)

    def _to_etcd(self, call: str, **body: Any) -> Any:
        return self._ask(self._etcd_client, "POST", f"{self.etcd}/v3/kv/{call}", body)

    def _write(self, path: str, body: Mapping[str, Any], *, status: bool) -> None:
        made = self._ask(self._http, "POST", self.url + path, body)
        if status:
            made["status"] = body["status"]
            self._ask(self._http, "PUT", f"{self.url}{path}/{made['metadata']['name']}/status", made)

    def _ask(self, http: urllib3.PoolManager, verb: str, url: str, body: Mapping[str, Any]) -> Any:
        got = http.request(verb, url, body=json.dumps(body), headers={"content-type": "application/json"})
        if got.status not in (200, 201):
            raise RefusedError(f"{verb} {url}: {got.data.decode(errors='replace')[:500]}")
        return got.json()

    def _client(self, pair: Pair) -> urllib3.PoolManager:
        return urllib3.PoolManager(
            maxsize=WRITERS,
            retries=False,
            ca_certs=str(self.ca),
            cert_file=str(pair.certificate),
            key_file=str(pair.key),
        )

    def _start(self) -> None:
        self._processes.append(control_plane.start_etcd(self.folder, self.keys, self.etcd))
        apiserver = control_plane.start_apiserver(self.folder, self.keys, self.etcd, self._port)
        self._processes.append(apiserver)
        apiserver.wait_until(self._is_ready)

    def _is_ready(self) -> bool:
        try:
            return self._http.request("GET", f"{self.url}/readyz").status == 200
        except urllib3.exceptions.HTTPError:
            return False
