"""The process of a version: the bytes that run, or those a draft would be compiled to now."""

from mingtang.flows.compile import compile_bpmn
from mingtang.rulebook import requirements
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import flow_of


def bpmn_of(version: Version) -> bytes:
    """BPMN 2.0. Raises ``Refused`` while the steps of a draft cannot be compiled."""
    if version.bpmn:
        return bytes(version.bpmn)
    lanes = requirements.lanes(version.item.town, version.spec)
    return compile_bpmn(flow_of(version.spec, code=version.item.code, number=version.number, lanes=lanes))
