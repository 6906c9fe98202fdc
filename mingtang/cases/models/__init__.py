"""办件: a case, its materials, its one notice, its steps, clocks and papers."""

from mingtang.cases.models.above import SendUp
from mingtang.cases.models.after import Archive, Reopening, Ruling
from mingtang.cases.models.case import (
    AuthorityScan,
    Case,
    CaseDocument,
    CaseMaterial,
    CaseStep,
    Clock,
    CodeAttempts,
    Demand,
    MaterialFile,
    NumberSerial,
    PaperFile,
    Process,
    SupplementNotice,
)
from mingtang.cases.models.clocks import Deferral, Delay, Extension, Pause
from mingtang.cases.models.drafts import ApplicationDraft
from mingtang.cases.models.grants import Grant
from mingtang.cases.models.outages import LateEntry, Outage
from mingtang.cases.models.payouts import Payout
from mingtang.cases.models.permits import Permit, PermitAsk, PermitEntry, PermitWarning
from mingtang.cases.models.persons import Authority, Hearing, Party, Recusal
from mingtang.cases.models.pledges import Pledge
from mingtang.cases.models.visits import CaseErrand

__all__ = [
    "ApplicationDraft",
    "Archive",
    "Authority",
    "AuthorityScan",
    "Case",
    "CaseDocument",
    "CaseErrand",
    "CaseMaterial",
    "CaseStep",
    "Clock",
    "CodeAttempts",
    "Deferral",
    "Delay",
    "Demand",
    "Extension",
    "Grant",
    "Hearing",
    "LateEntry",
    "MaterialFile",
    "NumberSerial",
    "Outage",
    "PaperFile",
    "Party",
    "Pause",
    "Payout",
    "Permit",
    "PermitAsk",
    "PermitEntry",
    "PermitWarning",
    "Pledge",
    "Process",
    "Recusal",
    "Reopening",
    "Ruling",
    "SendUp",
    "SupplementNotice",
]
