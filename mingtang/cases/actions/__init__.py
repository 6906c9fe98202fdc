"""What people do with a case: one function per act."""

from mingtang.cases.actions.above import record_result, send_up, take_back
from mingtang.cases.actions.acceptance import accept, accept_by_silence, silent
from mingtang.cases.actions.after import archive, correct_clerical_error, enter_ruling, self_correct, take_in_again
from mingtang.cases.actions.authority import record_authority
from mingtang.cases.actions.charging import charge
from mingtang.cases.actions.clocking import explain_delay, extend, paused_over, resume, suspend
from mingtang.cases.actions.deferring import deferrals_over, hand_in_deferred, miss_deferred
from mingtang.cases.actions.ending import lapse, not_required, pass_on, remind, withdraw
from mingtang.cases.actions.grants import end, grants_over, publish, withhold
from mingtang.cases.actions.handling import decide, not_accept, opinion, return_for_redo, serve
from mingtang.cases.actions.hearing import hold_hearing, record_hearing, record_views, tell_interested_party
from mingtang.cases.actions.intake import (
    receive_materials,
    request_supplement,
    submit,
    supply,
    supply_complete,
)
from mingtang.cases.actions.issuing import issue
from mingtang.cases.actions.late import declare_outage, enter_late
from mingtang.cases.actions.opening import open_ex_officio
from mingtang.cases.actions.payouts import pay_out, void_payout
from mingtang.cases.actions.permit_ends import cancel, ended, revoke, serve_warning, warn, withdraw_permit
from mingtang.cases.actions.permits import (
    ask_change,
    ask_renewal,
    change,
    deem_renewed,
    refuse_ask,
    reissue,
    renew,
    renewals_over,
)
from mingtang.cases.actions.persons import recuse
from mingtang.cases.actions.pledging import verify_pledge
from mingtang.cases.actions.rebasing import rebase

__all__ = [
    "accept",
    "accept_by_silence",
    "archive",
    "ask_change",
    "ask_renewal",
    "cancel",
    "change",
    "charge",
    "correct_clerical_error",
    "decide",
    "declare_outage",
    "deem_renewed",
    "deferrals_over",
    "end",
    "ended",
    "enter_late",
    "enter_ruling",
    "explain_delay",
    "extend",
    "grants_over",
    "hand_in_deferred",
    "hold_hearing",
    "issue",
    "lapse",
    "miss_deferred",
    "not_accept",
    "not_required",
    "open_ex_officio",
    "opinion",
    "pass_on",
    "paused_over",
    "pay_out",
    "publish",
    "rebase",
    "receive_materials",
    "record_authority",
    "record_hearing",
    "record_result",
    "record_views",
    "recuse",
    "refuse_ask",
    "reissue",
    "remind",
    "renew",
    "renewals_over",
    "request_supplement",
    "resume",
    "return_for_redo",
    "revoke",
    "self_correct",
    "send_up",
    "serve",
    "serve_warning",
    "silent",
    "submit",
    "supply",
    "supply_complete",
    "suspend",
    "take_back",
    "take_in_again",
    "tell_interested_party",
    "verify_pledge",
    "void_payout",
    "warn",
    "withdraw",
    "withdraw_permit",
    "withhold",
]
