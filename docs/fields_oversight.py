"""What the columns of the rooms that oversee may hold about a person."""

from docs.field_kinds import GUARDED, KEYED, NONE, STAFF

OVERSIGHT: dict[str, dict[str, str]] = {
    "oversight.Duty": {
        NONE: (
            "town code name source basis column kind plan clause watch item tenant owner trigger days month day "
            "years_after due_on offered_to opened_on closed_on"
        ),
        GUARDED: "offered_why",
    },
    "oversight.Slot": {
        NONE: (
            "town duty period about first_on first_due_on due_on provisional proved_on proof excused_on excuse_paper "
            "nudges nudges_untold listed broken"
        ),
        GUARDED: "statement excuse",
    },
    "oversight.Takeover": {
        NONE: "town owners proposed_at agreed settled_at",
        STAFF: "proposed_by settled_by",
        GUARDED: "reason",
    },
    "oversight.Sentence": {NONE: "town revision anchor verdict duty decided_at", STAFF: "decided_by"},
    "scrutiny.SampleRound": {
        NONE: "town number kinds from_on to_on wanted pool_sha256 announced_event size root picked drawn_event",
        GUARDED: "pool",
        STAFF: "announced_by drawn_by",
    },
    "scrutiny.Asked": {
        NONE: "town number key way count duty decided_at event",
        GUARDED: "text reason",
        STAFF: "decided_by",
    },
    "scrutiny.ReadCheck": {
        NONE: "town number edition owner proposed_at reviewed_at answered right told told_right duty",
        STAFF: "author reviewer",
        GUARDED: "questions returned_reason",
    },
    "scrutiny.ReadSlip": {NONE: "check_of serial used", KEYED: "code_hash"},
    "scrutiny.Sample": {
        NONE: ("town round place kind about unit state verdict seen_on key file heard_until replied_at shown_at duty"),
        GUARDED: "spot text record found reply",
        STAFF: "inspector replied_by shown_by",
    },
}
