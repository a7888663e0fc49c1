"""Names and hashes as Kubernetes and AWS make them up, from the seed and what they name.

In: the seed and words. Out: strings, the same for the same words in every process.
"""

import hashlib

_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""What Kubernetes draws from: no vowels, no digits that look like letters."""


def number(*words: object) -> int:
    """64 bits that depend on all of the words."""
    digest = hashlib.sha256("\0".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def share(*words: object) -> float:
    """0..1."""
    return number(*words) / 2**64


def suffix(length: int, *words: object) -> str:
    value = number(*words)
    letters = []
    for _ in range(length):
        value, place = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)


def uid(*words: object) -> str:
    digest = hashlib.sha256("\0".join(map(str, words)).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


def host(*words: object) -> str:
    """A private DNS name of EC2."""
    value = number("host", *words)
    return f"ip-10-{16 + value % 64}-{value // 64 % 256}-{4 + value // 16384 % 250}.ec2.internal"


def instance(*words: object) -> str:
    return f"i-0{number('instance', *words):016x}"
