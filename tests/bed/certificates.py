"""A bed's own certificate authority: a folder goes in, certificates and keys come out in it as PEM files."""

from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

ADMINISTRATORS = "system:masters"
SERVER_NAMES = ("127.0.0.1", "localhost", "kubernetes.default.svc", "10.0.0.1")


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate (or public key) and the private key that belongs to it."""

    certificate: Path
    key: Path


class Authority:
    """Signs a bed's certificates. Its own certificate is the only one that the bed's clients trust."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._authority = trustme.CA(organization_name="costkit bed", organization_unit_name=name)
        self.certificate = folder / f"{name}.crt"
        self._authority.cert_pem.write_to_path(str(self.certificate))

    def server(self, name: str) -> Pair:
        return self._written(name, self._authority.issue_cert(*SERVER_NAMES, common_name=name))

    def client(self, user: str, group: str | None = None) -> Pair:
        """Kubernetes reads the user from the common name and the group from the organization."""
        # A host name, because trustme marks an empty list of names as critical and Go then refuses the certificate.
        leaf = self._authority.issue_cert("localhost", common_name=user, organization_name=group)
        return self._written(user, leaf)

    def _written(self, name: str, leaf: trustme.LeafCert) -> Pair:
        pair = Pair(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        leaf.private_key_pem.write_to_path(str(pair.key))
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        pair.certificate.write_bytes(chain)
        return pair


def service_account_keys(folder: Path) -> Pair:
    """The key that signs ServiceAccounts' tokens, and the one that checks them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pair = Pair(folder / "sa.pub", folder / "sa.key")
    pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    pair.certificate.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return pair
