"""The command lines of a cluster's servers: folders, keys and ports go in, started processes come out, in order."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bed import kubeconfig
from tests.bed.certificates import ADMINISTRATORS, Authority, Pair, service_account_keys
from tests.bed.kubeconfig import Server
from tests.bed.ports import HOST, free_port
from tests.bed.process import Process
from tests.bed.tools import tool

SERVICES = "10.0.0.0/24"
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    # The bed's own servers ask thousands of times a minute; what a test wants to see is who else asked for what.
    "rules": [{"level": "None", "userGroups": [ADMINISTRATORS]}, {"level": "Metadata"}],
}


@dataclass(frozen=True, slots=True)
class Keys:
    """All that the servers prove themselves with."""

    authority: Authority
    front_proxy: Authority
    server: Pair
    etcd_client: Pair
    proxy_client: Pair
    service_accounts: Pair


def make_keys(folder: Path) -> Keys:
    authority, front_proxy = Authority(folder), Authority(folder, "front-proxy-ca")
    return Keys(
        authority=authority,
        front_proxy=front_proxy,
        server=authority.server("server"),
        etcd_client=authority.client("apiserver-etcd-client"),
        proxy_client=front_proxy.client("front-proxy"),
        service_accounts=service_account_keys(folder),
    )


def start_etcd(folder: Path, keys: Keys, url: str) -> Process:
    peer = f"http://{HOST}:{free_port()}"
    flags = {
        "data-dir": folder / "etcd",
        "listen-client-urls": url,
        "advertise-client-urls": url,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
        "cert-file": keys.server.certificate,
        "key-file": keys.server.key,
        "trusted-ca-file": keys.authority.certificate,
        "client-cert-auth": "true",
        "unsafe-no-fsync": "true",  # a bed need not survive a power cut, and every write would wait for the disk
        "log-level": "warn",
    }
    return Process("etcd", [tool("etcd"), *_flags(flags)], folder)


def start_apiserver(folder: Path, keys: Keys, etcd: str, port: int) -> Process:
    policy = folder / "audit-policy.yaml"
    policy.write_text(json.dumps(AUDIT_POLICY))
    flags = {
        "etcd-servers": etcd,
        "etcd-cafile": keys.authority.certificate,
        "etcd-certfile": keys.etcd_client.certificate,
        "etcd-keyfile": keys.etcd_client.key,
        "bind-address": HOST,
        "secure-port": port,
        "tls-cert-file": keys.server.certificate,
        "tls-private-key-file": keys.server.key,
        "client-ca-file": keys.authority.certificate,
        "authorization-mode": "RBAC",
        "service-cluster-ip-range": SERVICES,
        "service-account-issuer": "https://bed",
        "service-account-key-file": keys.service_accounts.certificate,
        "service-account-signing-key-file": keys.service_accounts.key,
        "endpoint-reconciler-type": "none",  # its own address is loopback, which no Endpoints object may hold
        "audit-policy-file": policy,
        "audit-log-path": folder / "audit.log",
        **_front_proxy_flags(keys),
    }
    return Process("kube-apiserver", [tool("kube-apiserver"), *_flags(flags)], folder)


def _front_proxy_flags(keys: Keys) -> dict[str, object]:
    """With them an aggregated API (metrics-server) believes the user's name that the API server passes on."""
    return {
        "requestheader-client-ca-file": keys.front_proxy.certificate,
        "requestheader-allowed-names": "front-proxy",
        "requestheader-username-headers": "X-Remote-User",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "proxy-client-cert-file": keys.proxy_client.certificate,
        "proxy-client-key-file": keys.proxy_client.key,
    }


@dataclass(frozen=True, slots=True)
class Client:
    """What a server that talks to the API server is started with."""

    folder: Path
    keys: Keys
    server: Server

    def kubeconfig(self, name: str) -> Path:
        pair = self.keys.authority.client(name, ADMINISTRATORS)
        return kubeconfig.with_certificate(self.folder / f"{name}.kubeconfig", self.server, pair)


def start_controller_manager(client: Client) -> Process:
    flags = {
        "kubeconfig": client.kubeconfig("kube-controller-manager"),
        "leader-elect": "false",
        "secure-port": 0,
        "root-ca-file": client.keys.authority.certificate,
        "service-account-private-key-file": client.keys.service_accounts.key,
        # The defaults (15 s, 5 min, 30 s) make a test of a real autoscaler wait for minutes.
        "horizontal-pod-autoscaler-sync-period": "2s",
        "horizontal-pod-autoscaler-cpu-initialization-period": "1s",
        "horizontal-pod-autoscaler-initial-readiness-delay": "1s",
    }
    return Process("kube-controller-manager", [tool("kube-controller-manager"), *_flags(flags)], client.folder)


def start_scheduler(client: Client) -> Process:
    flags = {"kubeconfig": client.kubeconfig("kube-scheduler"), "leader-elect": "false", "secure-port": 0}
    return Process("kube-scheduler", [tool("kube-scheduler"), *_flags(flags)], client.folder)


def start_kwok(client: Client) -> Process:
    flags = {
        "kubeconfig": client.kubeconfig("kwok"),
        "manage-all-nodes": "true",
        "cidr": "10.244.0.1/16",  # the pods' addresses; the default lies in the Services' range
        # Without leases the heartbeats come 55 s apart, the nodes go NotReady and their pods never recover.
        "node-lease-duration-seconds": 40,
    }
    return Process("kwok", [tool("kwok"), *_flags(flags)], client.folder)


SERVERS: tuple[Callable[[Client], Process], ...] = (start_controller_manager, start_scheduler, start_kwok)
"""Started in this order after the API server answers, stopped in the reverse order before it."""


def _flags(flags: Mapping[str, object]) -> list[str]:
    return [f"--{name}={value}" for name, value in flags.items()]
