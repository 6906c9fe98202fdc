"""What people do with a case: one function per act."""

from mingtang.cases.actions.acceptance import accept, accept_by_silence, silent
from mingtang.cases.actions.after import archive, correct_clerical_error, enter_ruling, self_correct
from mingtang.cases.actions.charging import charge
from mingtang.cases.actions.clocking import explain_delay, extend, paused_over, resume, suspend
from mingtang.cases.actions.deferring import deferrals_over, hand_in_deferred, miss_deferred
from mingtang.cases.actions.ending import lapse, not_required, pass_on, remind, withdraw
from mingtang.cases.actions.handling import decide, not_accept, opinion, return_for_redo, serve
from mingtang.cases.actions.hearing import hold_hearing, record_hearing, record_views, tell_interested_party
from mingtang.cases.actions.intake import (
    receive_materials,
    request_supplement,
    submit,
    supply,
    supply_complete,
)
from mingtang.cases.actions.persons import recuse

__all__ = [
    "accept",
    "accept_by_silence",
    "archive",
    "charge",
    "correct_clerical_error",
    "decide",
    "deferrals_over",
    "enter_ruling",
    "explain_delay",
    "extend",
    "hand_in_deferred",
    "hold_hearing",
    "lapse",
    "miss_deferred",
    "not_accept",
    "not_required",
    "opinion",
    "pass_on",
    "paused_over",
    "receive_materials",
    "record_hearing",
    "record_views",
    "recuse",
    "remind",
    "request_supplement",
    "resume",
    "return_for_redo",
    "self_correct",
    "serve",
    "silent",
    "submit",
    "supply",
    "supply_complete",
    "suspend",
    "tell_interested_party",
    "withdraw",
]
