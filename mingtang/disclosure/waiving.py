"""A blocking finding that a second person lets stand: in exactly this text, by name, with a reason.

Any change of the text makes another revision, in which nothing is let through. Secret marks (保守国家秘密法 35) and
identity numbers are let through by nobody.
"""

from django.db import IntegrityError

from mingtang import guard
from mingtang.disclosure import requirements
from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.models import Edition, Waiver
from mingtang.disclosure.policies import check_can
from mingtang.events import types
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor

WAIVED = types.define("document.finding_waived", "放行查出的一处")


def waive(*, edition: Edition, identity: str, reason: str, by: Staff) -> Waiver:
    """Let a finding of this text stand, by somebody who may review it: never one of its writers.

    Where the same thing stands several times in one part it is one finding. Raises ``Refused`` for what nobody may let
    through and for what is not found in the text (any more).
    """
    reason = clear_text(reason, "请写明为什么这一处可以照样公开。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("review", edition, by)
        issues = requirements.issues(edition.document, edition.revision)
        finding = guard.to_waive((issue.finding for issue in issues if issue.finding), identity)
        event = tell(edition, WAIVED, actor(by), reason=reason, identity=identity, kind=finding.kind)
        try:
            with act():
                return Waiver.objects.create(
                    edition=edition,
                    revision=edition.revision,
                    identity=identity,
                    kind=finding.kind,
                    sentence=finding.message,
                    reason=reason,
                    by=by,
                    event=event,
                )
        except IntegrityError as error:
            raise Refused("这一处已经放行过。") from error
