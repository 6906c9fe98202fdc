"""What the columns of utilities, of boards and of what residents say may hold about a person."""

from docs.field_kinds import GUARDED, KEYED, NONE, SEALED, STAFF

UTILITIES: dict[str, dict[str, str]] = {
    "utilities.Interruption": {
        NONE: "town unit cut urgency state starts_at ends_at announced_at checked_at short_hours restored_at",
        STAFF: "author checked_by",
        GUARDED: "places reason advice",
    },
    "boards.Board": {
        NONE: "town village unit site keeper check_days opened_on closed_on",
        GUARDED: "name place closed_reason",
    },
    "boards.Sheet": {NONE: "board what document template item since ended_on"},
    "boards.Hanging": {NONE: "sheet edition list version photo until up_at down_at", STAFF: "up_by down_by"},
    "boards.Check": {NONE: "board photo checked_at", STAFF: "checked_by", GUARDED: "note"},
    "utilities.Tenant": {NONE: "town unit owner since"},
    "voices.ObstacleSerial": {
        NONE: "town year last",
    },
    "voices.MatterSerial": {NONE: "town year last"},
    "voices.Matter": {
        NONE: (
            "town number submission unit kind state outcome key told_at due_on answered_at disputed_at second_due_on "
            "ruled_at "
            "about edition row claim photo checked_at"
        ),
        SEALED: "told_sealed",
        KEYED: "code_hash",
        STAFF: "answered_by ruled_by checked_by",
    },
    "voices.Obstacle": {
        NONE: (
            "town number submission channel reason item unit case contact slip key state owner offered opened_at "
            "due_on ended_at ended_event outcome solved_by version answers"
        ),
        SEALED: "told_sealed",
        KEYED: "code_hash",
        STAFF: "ended_by",
        GUARDED: "clause text organ receipt",
    },
}
