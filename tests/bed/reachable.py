"""A Prometheus that an API server reaches: at the machine's own address, since no API server proxies to loopback."""

import socket

from tests.bed.prometheus import Prometheus

_ANYWHERE = ("192.0.2.1", 9)
"""An address of documentation. Nothing is sent there: to connect a datagram socket only chooses a way."""


def own_address() -> str | None:
    """The machine's own, which is not loopback's; None where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ANYWHERE)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address


class ReachablePrometheus(Prometheus):
    """The same as the bed's, but for where it listens."""

    host = own_address() or Prometheus.host
