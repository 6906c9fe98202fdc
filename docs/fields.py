"""What each column of ours may hold about a person. A column that is not in the table fails the tests."""

NONE = "none"  # says nothing about a natural person
STAFF = "staff"  # names an official acting in office, by key or code
CLEAR = "clear"  # personal and readable: only the columns of REASONS
SEALED = "sealed"  # personal, encrypted under the key of the case
KEYED = "keyed"  # keyed hash: finds an equal value, reveals none
SECRET = "secret"  # noqa: S105 (key, salt or password hash)
GUARDED = "guarded"  # free text of officials about public matters: no column for a resident's data

TITLES = {
    NONE: "says nothing about a natural person",
    STAFF: "names an official acting in office, by key or code",
    CLEAR: "personal and readable, for the reason below",
    SEALED: "personal, encrypted under the key of the case",
    KEYED: "keyed hash: finds an equal value, reveals none",
    SECRET: "key, salt or password hash",
    GUARDED: "free text of officials; what becomes public passes the guard first",
}

# Why a personal column is readable all the same.
REASONS = {
    "people.Staff.username": "the log-in of an official",
    "people.Staff.name": "officials are named to their colleagues; pages and papers show posts",
    "people.Staff.number": "the number of an official's badge",
    "people.Staff.last_login": "when an official last logged in",
    "files.StoredFile.name": "the name of a public file; a sealed one has a general name here, its own inside the seal",
    "rulebook.Slip.asked": "what was asked beyond the rule, in the resident's or clerk's words; the guard stops "
    "numbers, and only the desk and the holder of the slip's number read it",
    "rulebook.Slip.why": "the reason that was given for it; as above",
    "rulebook.Wanted.text": "up to forty characters with which somebody found nothing; numbers of persons are refused "
    "before anything is written, who said it is not known, rare words go after a month, the desk destroys a name",
    "cases.Demand.how_to_mend": "how to mend a paper, written for the applicant; the form asks for no personal data",
}

FIELDS: dict[str, dict[str, str]] = {
    "towns.Jurisdiction": {
        NONE: (
            "code prefix name level parent uscc index_template index_next site_name site_code icp_record "
            "police_record phone complaint_phone address base_url is_default is_demo"
        ),
    },
    "towns.Host": {NONE: "name jurisdiction"},
    "events.Event": {
        NONE: "town type happened_at recorded_at place subject data payload_commit",
        STAFF: "actor",
        GUARDED: "reason",
        SECRET: "salt",
    },
    "events.Unsequenced": {NONE: "event"},
    "events.Sequenced": {NONE: "town index event logged_at"},
    "events.Cursor": {NONE: "node listener town next_index"},
    "events.PayloadKey": {
        NONE: "town destroyed_at",
        SECRET: "wrapped",
    },
    "events.Payload": {
        NONE: "event key",
        SEALED: "sealed",
    },
    "workdays.CalendarDay": {NONE: "town date is_workday reason source"},
    "workdays.CalendarYear": {NONE: "year confirmed source"},
    "workdays.CalendarStamp": {NONE: "token"},
    "ledger.Log": {NONE: "town number origin verifier opened_by opened_at"},
    "ledger.Shown": {NONE: "town type since shown"},
    "ledger.Checkpoint": {NONE: "town origin size root note signed_at"},
    "people.Unit": {NONE: "town code name kind trade parent duty phone address order dissolved_on"},
    "people.Post": {NONE: "town unit code name roles is_leader"},
    "people.Staff": {
        SECRET: "password",
        CLEAR: "last_login username name number",
        NONE: "town is_active",
    },
    "people.Assignment": {
        STAFF: "staff",
        NONE: "post valid_from valid_to",
    },
    "people.RosterRow": {STAFF: "lead substitute", NONE: "town post substitute_post valid_from valid_to"},
    "people.Absence": {STAFF: "staff entered_by", NONE: "town kind starts_at ends_at cancelled_at"},
    "people.Delegation": {NONE: "town number grantor post item_code step_code limit valid_from valid_to revoked_at"},
    "files.StoredFile": {
        NONE: "town sha256 size kind media_type purpose sealed created_at blank",
        CLEAR: "name",
    },
    "files.Upload": {
        NONE: "town bound slot size offset expires_at file key",
        SECRET: "handle owner",
        KEYED: "fingerprint_hash",
    },
    "notices.Message": {
        NONE: (
            "town subject kind channel state once owner_post key queued_at due_at next_at attempts lease leased_until "
            "problem detail ended_at destroyed_at until"
        ),
        SEALED: "sealed",
        STAFF: "ended_by",
        GUARDED: "reason",
    },
    "notices.Wording": {
        NONE: "town kind is_told edited_at",
        GUARDED: "text",
        STAFF: "edited_by",
    },
    "rulebook.Item": {NONE: "town code unit source_id current created_at"},
    "rulebook.Version": {
        NONE: (
            "item number state name kind bpmn flow_sha256 sha256 edited_at replaces burden strict initial proposed_at "
            "basis_at reviewed_at decided_at decided_on minutes_number head_at office_at announced_at announced_event "
            "notice_days posted_until effective_on refused_at refused_event in_force_at published_event "
            "suspended_at suspended_event cancelled_at cancelled_event cancelled_minutes"
        ),
        GUARDED: "data returned_reason refused_reason suspended_reason cancelled_reason",
        STAFF: "edited_by proposed_by basis_by reviewed_by decided_by head_by office_by announced_by",
    },
    "rulebook.CatalogueImport": {
        NONE: "town file state stage done total attempts created_at touched_at finished_at counts more",
        STAFF: "by",
        GUARDED: "problems",
    },
    "rulebook.ItemFacts": {
        NONE: (
            "town item version unit form name synonyms kind power_type served person_themes firm_themes days materials "
            "materials_vary charges bases visits online joint ex_officio suspended window_post "
            "decider_post"
        ),
    },
    "rulebook.ItemResult": {
        NONE: "item name",
    },
    "rulebook.ProposedChange": {
        NONE: "version order field kind direction needs law article level",
        GUARDED: "sentence",
    },
    "rulebook.Slip": {
        NONE: "town number version case_number source post made_at event",
        CLEAR: "asked why",
        STAFF: "issued_by",
    },
    "rulebook.SlipDuty": {
        NONE: "town item unit opened_at opened_event due_on closed_at closed_event outcome version",
        GUARDED: "note",
    },
    "rulebook.Wanted": {
        NONE: "town outcome item unit answered_at event",
        CLEAR: "text",
        GUARDED: "note",
        STAFF: "answered_by",
    },
    "rulebook.WantedDay": {
        NONE: "wanted day count",
    },
    "rulebook.Law": {
        NONE: (
            "town title key short_titles level region issuer doc_number published_on effective_on inferred "
            "abolished_on expired abolish_reason replaced_by complete source_id"
        ),
    },
    "rulebook.LawName": {
        NONE: "law name",
    },
    "rulebook.Article": {
        NONE: "law number sub label order text valid_from valid_to",
    },
    "rulebook.Power": {
        NONE: (
            "town code name type plan_class unit post level source scope place limit above redress minutes_number "
            "status ended_on listed_at"
        ),
    },
    "rulebook.PowerBasis": {
        NONE: "power order law article",
    },
    "rulebook.Duty": {
        NONE: "power order kind text basis",
    },
    "rulebook.Campaign": {
        NONE: "town number title minutes_number from_on to_on closed_at",
        STAFF: "opened_by closed_by",
    },
    "rulebook.PowerDecision": {
        NONE: (
            "campaign power plan_class verdict handed_to state proposed_at reviewed_at minutes_number settled_at "
            "carried_out_at"
        ),
        STAFF: "proposed_by reviewed_by settled_by",
        GUARDED: "reason change_note returned_reason",
    },
    "hall.Entry": {
        NONE: "town item unit window since_on left_on left_minutes",
        GUARDED: "left_reason",
    },
    "hall.Exemption": {
        NONE: "town item unit minutes_number from_on until_on ended_on",
        GUARDED: "reason ended_reason",
    },
    "hall.HandOver": {
        NONE: "town item unit begun_at done_at",
    },
    "hall.Milestone": {
        NONE: "plan order title first_due_on due_on unit_signed_at centre_signed_at",
        STAFF: "unit_signed_by centre_signed_by",
        GUARDED: "moved_reason",
    },
    "hall.Site": {
        NONE: "town code letter kind name address hours phone market_calendar market_days book_share visit_minutes",
    },
    "hall.Band": {
        NONE: "site kind starts ends",
    },
    "hall.PriorityRule": {
        NONE: "town name minutes basis quick ended_on",
    },
    "hall.TicketDay": {
        NONE: "site day last last_at",
    },
    "hall.Pad": {
        NONE: "town site code first last issued_at",
    },
    "hall.PadVoid": {
        NONE: "pad slip voided_at",
        STAFF: "voided_by",
        GUARDED: "reason",
    },
    "cases.Outage": {
        NONE: "town from_at to_at cause declared_at event",
        STAFF: "declared_by",
    },
    "cases.LateEntry": {
        NONE: "case outage happened_at recorded_at event",
    },
    "voices.ObstacleSerial": {
        NONE: "town year last",
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
    "hall.Contact": {
        NONE: (
            "town site number day serial pad slip channel state rule opened_at recorded_at booked_for place_at "
            "window calls called_at started_at ended_at submission"
        ),
    },
    "hall.Errand": {
        NONE: "contact order item outcome clause window ended_at",
        STAFF: "ended_by",
        GUARDED: "note",
    },
    "hall.Owner": {
        NONE: "contact order post window offered_at accepted_at declined_at",
        STAFF: "staff",
        GUARDED: "reason declined_why",
    },
    "hall.EmptyWindow": {
        NONE: "town window first_at last_at presses met_at answered_at",
        STAFF: "answered_by",
        GUARDED: "answer",
    },
    "hall.Badge": {
        NONE: "town post photo issued_on ended_on",
        STAFF: "staff",
    },
    "agents.Order": {
        NONE: (
            "town number station place asked_by state wanted contact key submission window_post asked_at since late "
            "ended_at"
        ),
        SEALED: "person_sealed",
        GUARDED: "ended_why",
    },
    "agents.OrderSerial": {
        NONE: "town year last",
    },
    "agents.Consent": {
        NONE: "order hands_in answers collects until way given_at",
        STAFF: "recorded_by",
    },
    "agents.Original": {
        NONE: "order line sheets is_result",
        GUARDED: "name",
    },
    "agents.Handover": {
        NONE: "original turn giver taker offered_at accepted_at way ending refused_at",
        STAFF: "offered_by accepted_by",
        GUARDED: "refused_why",
    },
    "hall.Window": {
        NONE: "town site unit post kind number name is_open back_at substitute",
        GUARDED: "closed_reason",
    },
    "money.Account": {
        NONE: "town unit payee bank number pay_text set_at ended_at",
        STAFF: "set_by",
    },
    "money.NoticeSerial": {
        NONE: "town year last",
    },
    "money.Notice": {
        NONE: "town number case_number version account lines total state issued_at due_on paid_at ended_at",
        STAFF: "issued_by ended_by",
        GUARDED: "ended_reason",
    },
    "money.ZeroBill": {
        NONE: "town case_number version made_at",
    },
    "money.Statement": {
        NONE: "town account from_on to_on sha256 key count total known imported_at",
        STAFF: "imported_by",
    },
    "money.Deposit": {
        NONE: "town account statement serial came_on amount named notice matched_at",
        SEALED: "said_sealed",
        STAFF: "matched_by",
        GUARDED: "matched_reason",
    },
    "money.Receipt": {
        NONE: "town notice number given_on entered_at",
        STAFF: "entered_by",
    },
    "money.Refund": {
        NONE: "town deposit of_fee amount state asked_at decided_at done_at serial",
        STAFF: "asked_by decided_by done_by",
        GUARDED: "reason refused_reason",
    },
    "accounts.Resident": {
        NONE: "key epoch opened_at entered_at",
        SEALED: "reach_sealed profile_sealed",
        KEYED: "reach_hash",
    },
    "accounts.ResidentCase": {NONE: "resident case added_at"},
    "accounts.ResidentDraft": {NONE: "resident draft"},
    "accounts.LoginCode": {
        NONE: "town key sent_at expires_at failures ended_at",
        SEALED: "reach_sealed",
        KEYED: "reach_hash code_hash",
    },
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
    "disclosure.Column": {
        NONE: "town scheme code name parent order basis elements owner rhythm days opened_on nothing_on closed_on",
        GUARDED: "nothing",
    },
    "disclosure.Filing": {
        NONE: "document column",
    },
    "disclosure.Document": {
        NONE: (
            "town index_number unit issuer scope method kind theme theme_stated doc_number generated_on source "
            "source_id source_url identity provenance current published_at listed_at created_at"
        ),
    },
    "disclosure.Revision": {
        NONE: "document number created_at sha256",
        GUARDED: "title body_html body_text facts",
        STAFF: "author",
    },
    "disclosure.Attachment": {
        NONE: "revision file order",
        GUARDED: "name text beside",
    },
    "disclosure.Edition": {
        NONE: (
            "document number state revision reviewed_at reviewed_sha256 signed_at published_at "
            "published_event source_published_at source_has_time withdrawn_at withdrawn_ground"
        ),
        STAFF: "author reviewer signer adopted_by",
        GUARDED: "note returned_reason withdrawn_reason",
    },
    "disclosure.ViewCount": {NONE: "document day count"},
}
