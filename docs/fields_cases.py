"""What the columns of cases may hold about a person."""

from docs.field_kinds import CLEAR, GUARDED, KEYED, NONE, SEALED, STAFF

CASES: dict[str, dict[str, str]] = {
    "cases.ApplicationDraft": {
        NONE: "town item version token key revision kept_at kept_until",
        SEALED: "sealed",
        KEYED: "code_hash",
    },
    "cases.Case": {
        NONE: (
            "town number sealed item version flow_sha256 state channel window key applicant_kind submission "
            "contact_at submitted_at accepted_at accepted_by_silence decided_at outcome delegation superior_number "
            "ended_at has_recusals serve_mode"
        ),
        SEALED: "applicant_sealed answers_sealed",
        KEYED: "applicant_hash code_hash",
        STAFF: "decided_by",
    },
    "cases.NumberSerial": {
        NONE: "town year last",
    },
    "cases.Process": {
        NONE: "case",
        SEALED: "state_sealed",
    },
    "cases.CaseErrand": {
        NONE: "case errand",
    },
    "cases.CaseMaterial": {
        NONE: "case material_key order state received_at returned_at",
    },
    "cases.MaterialFile": {
        NONE: "material file added_at",
    },
    "cases.AuthorityScan": {
        NONE: "case file added_at",
    },
    "cases.SupplementNotice": {
        NONE: "case issued_at completed_at reply_by lapse_basis reminded_at",
        STAFF: "issued_by",
    },
    "cases.Demand": {
        NONE: "notice material_key supplied_at dropped_at",
        CLEAR: "how_to_mend",
    },
    "cases.CaseStep": {
        NONE: "case key round post_code due_on opened_at done_at recorded_at agrees",
        STAFF: "done_by",
        SEALED: "opinion_sealed",
    },
    "cases.Clock": {NONE: "case kind step_key round started_on working_days extension due_on provisional stopped_at"},
    "cases.Pause": {NONE: "case number ground working_days first_on last_on ended_at ended_on event"},
    "cases.Extension": {NONE: "case working_days old_due_on due_on event"},
    "cases.Recusal": {
        NONE: "case granted from_post to_post asked_at decided_at event",
        STAFF: "staff",
    },
    "cases.Authority": {
        NONE: "case change acts_as since until may_withdraw may_collect recorded_at event",
        STAFF: "checked_by",
    },
    "cases.Ruling": {NONE: "case body kind number ruled_on act_by carried_out_at event"},
    "cases.Reopening": {NONE: "case body opened_at fate settled_at event"},
    "cases.Archive": {NONE: "case town number retention event"},
    "cases.Party": {
        NONE: "case number hearing told_at answer answered_at event",
        SEALED: "name_sealed",
    },
    "cases.Hearing": {
        NONE: "pause case held_on place recorded_at event",
        SEALED: "record_sealed",
        STAFF: "host",
    },
    "cases.Permit": {
        NONE: "town case paper number result state valid_from valid_to",
        SEALED: "holder_sealed",
    },
    "cases.PermitEntry": {NONE: "permit act at valid_to event"},
    "cases.PermitAsk": {
        NONE: "permit kind asked_on in_time due_on outcome ended_at event",
        SEALED: "text_sealed",
    },
    "cases.PermitWarning": {NONE: "permit of told_at served_on serve_mode event"},
    "cases.Grant": {
        NONE: "town paper case item year kind scope state village shown_on until event",
        SEALED: "text_sealed",
    },
    "cases.Payout": {
        NONE: "case amount paid_on serial event voided_at",
        STAFF: "entered_by voided_by",
        GUARDED: "voided_reason",
    },
    "cases.Deferral": {NONE: "case material_key due_on handed_in_at missed_at event"},
    "cases.Pledge": {
        NONE: "case material_key text verify_by verified_at true event",
        STAFF: "verified_by",
    },
    "cases.SendUp": {NONE: "case organ sent_at ended_at decision_number event"},
    "cases.Delay": {
        NONE: "clock given_on event",
        STAFF: "by",
        GUARDED: "text",
    },
    "cases.CaseDocument": {
        NONE: "case kind number sha256 event created_at",
        SEALED: "sealed",
    },
    "cases.PaperFile": {NONE: "document file"},
    "cases.CodeAttempts": {NONE: "town number failures last_at"},
}
