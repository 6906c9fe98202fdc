"""``/api/v1/``: what other programs ask."""

from typing import Literal

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError

from mingtang.search.service import SearchUnavailable, search

LIMITS = {
    "q": "q 最长 1000 个字。",
    "kind": "kind 只能是 document 或者 item，也可以不写。",
    "size": "size 是 1 到 50 的整数。",
    "page": "page 是 1 到 1000 的整数。",
}
api = NinjaAPI(title="明堂", version="1", docs_url=None, urls_namespace="api-v1")


class Hit(Schema):
    id: str
    source_id: str
    kind: str
    title: str
    url: str
    score: float
    snippet: str


class Answer(Schema):
    """``total`` counts documents in the ranked candidate window; ``total_capped`` says there are more."""

    total: int
    total_capped: bool
    results: list[Hit]
    suggestion: str | None


@api.get("/search", response=Answer, summary="检索文件和事项")
def find(
    request: HttpRequest,
    q: str = Query("", max_length=1000),
    kind: Literal["document", "item"] | None = None,
    size: int = Query(10, ge=1, le=50),
    page: int = Query(1, ge=1, le=1000),
) -> Answer:
    """A question in plain words is a valid query; an empty one lists the newest."""
    found = search(request.town.pk, q, kind=kind, page=page, size=size)
    return Answer(
        total=found.total,
        total_capped=found.total_capped,
        results=[
            Hit(
                id=hit.key,
                source_id=hit.source_id,
                kind=hit.kind,
                title=hit.title,
                url=hit.url,
                score=hit.score,
                snippet=hit.snippet,
            )
            for hit in found.hits
        ],
        suggestion=found.suggestion,
    )


@api.exception_handler(SearchUnavailable)
def unavailable(request: HttpRequest, refusal: SearchUnavailable) -> JsonResponse:
    return JsonResponse({"detail": refusal.message}, status=503)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> JsonResponse:
    """What of the question cannot be taken, and what can."""
    wrong = dict.fromkeys(str(row["loc"][-1]) for row in error.errors)
    return JsonResponse({"detail": "".join(LIMITS.get(name, f"{name} 读不出来。") for name in wrong)}, status=422)
