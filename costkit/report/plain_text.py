"""Text that cluster users wrote, made harmless to show: no character of it can steer a terminal or reorder a line."""

import re

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
"""Control and format characters (escape sequences, bidirectional overrides, invisible ones) and lone surrogates."""

_SPACES = str.maketrans("\n\r\t", "   ")


def escaped(text: str) -> str:
    """The text with unsafe characters as `\\u001b`: inside a JSON string that means the same character."""
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def one_line(text: str) -> str:
    """The text on one line, unsafe characters visible as `\\u001b`."""
    return escaped(text.translate(_SPACES))
