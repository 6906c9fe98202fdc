"""Codes that people read over the telephone and copy from paper."""

# Without 0 O 1 I L U.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def letters(digest: bytes, length: int) -> str:
    """The first ``length`` letters that a digest comes to; 4.9 bits each."""
    number = int.from_bytes(digest, "big")
    found = []
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        found.append(ALPHABET[index])
    return "".join(found)


def plain(code: str) -> str:
    """A code as it was meant: without blanks and dashes, in capitals."""
    return "".join(code.split()).upper().replace("-", "")
