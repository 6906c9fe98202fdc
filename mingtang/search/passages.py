"""Long text into passages: the unit that is indexed, ranked and shown.

Whole documents rank badly (recall@10 of .73 to .77 on lay questions over laws); passages of about 400 characters reach
.88.
"""

import re

SIZE = 400
_PARAGRAPH = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SENTENCE = re.compile(r"[^。；！？;!?]*[。；！？;!?]*")


def passages(body: str) -> list[str]:
    """Consecutive pieces of about ``SIZE`` characters, cut between paragraphs, else sentences, else anywhere."""
    pieces: list[str] = []
    current = ""
    for part in _parts(body):
        if current and len(current) + len(part) > SIZE:
            pieces.append(current)
            current = ""
        current += part
    if current.strip():
        pieces.append(current)
    return [piece.strip() for piece in pieces if piece.strip()]


def _parts(body: str):
    for paragraph in _PARAGRAPH.split(body):
        paragraph = paragraph.strip()
        if not paragraph:
            continue
        if len(paragraph) <= SIZE * 3 // 2:
            yield paragraph + "\n"
            continue
        for sentence in _SENTENCE.findall(paragraph):
            for start in range(0, len(sentence), SIZE):
                yield sentence[start : start + SIZE]
        yield "\n"
