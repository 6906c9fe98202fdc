"""What each column of ours may hold about a person. A column that is not in the table fails the tests."""

from docs.field_kinds import CLEAR, GUARDED, KEYED, NONE, SEALED, SECRET, STAFF, TITLES
from docs.fields_cases import CASES
from docs.fields_oversight import OVERSIGHT
from docs.fields_utilities import UTILITIES

__all__ = ["CLEAR", "FIELDS", "GUARDED", "KEYED", "NONE", "REASONS", "SEALED", "SECRET", "STAFF", "TITLES"]

# Why a personal column is readable all the same.
REASONS = {
    "people.Staff.username": "the log-in of an official",
    "people.Staff.name": "officials are named to their colleagues; pages and papers show posts",
    "disclosure.Approver.name": "a leader who signs without an account, named to colleagues as staff are",
    "disclosure.Approver.phone": "the office telephone by which the code is told; only the desk reads it",
    "people.Staff.number": "the number of an official's badge",
    "people.Staff.last_login": "when an official last logged in",
    "disclosure.Expert.name": "an expert judges in public business; who was drawn is named by law, the register is not "
    "shown (采购法实施条例 43)",
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
            "police_record party_mark review_months pass_mark heard_days sponsor phone complaint_phone address "
            "base_url is_default is_demo"
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
    "people.Village": {NONE: "town name order closed_on"},
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
    "files.Reading": {NONE: "file reader", GUARDED: "parts"},
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
    "rulebook.Waiver": {
        NONE: "version part identity kind event proposed_at agreed settled_at settled_event",
        STAFF: "proposed_by settled_by",
        GUARDED: "sentence why reason",
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
    "subscriptions.Subscription": {
        NONE: "town key rhythm asked_at confirm_until confirmed_at stopped_at next_index told_on",
        KEYED: "reach_hash handle_hash confirm_hash",
        SEALED: "sealed",
    },
    "disclosure.Column": {
        NONE: (
            "town scheme code name parent order basis elements owner rhythm days opened_on nothing_on closed_on "
            "reach_times reach_days"
        ),
        GUARDED: "nothing",
    },
    "disclosure.Filing": {
        NONE: "document column",
    },
    "disclosure.FilingRule": {
        NONE: "town field column",
        GUARDED: "stated",
    },
    "disclosure.Restatement": {
        NONE: "edition verdict first last paper proposed_at agreed settled_at",
        STAFF: "proposed_by settled_by",
        GUARDED: "basis reason",
    },
    **OVERSIGHT,
    "disclosure.Document": {
        NONE: (
            "town index_number serial unit issuer scope method kind theme theme_stated doc_number generated_on source "
            "source_id source_url folder identity provenance current published_at listed_at created_at"
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
            "document number state revision begun_at reviewed_at reviewed_sha256 signed_at publish_at published_at "
            "published_event source_published_at source_has_time "
            "in_force_from in_force_until ended_at repealed_by withdrawn_at withdrawn_ground reader found_since"
        ),
        STAFF: "author reviewer signer approver scheduled_by adopted_by",
        GUARDED: "note returned_reason stopped ended_reason withdrawn_reason",
    },
    "disclosure.Claim": {
        NONE: "revision order mark subject version sha256 on stated",
        STAFF: "speaker",
        GUARDED: "text title address",
    },
    "disclosure.SetAside": {
        NONE: "town about event",
        STAFF: "by",
        GUARDED: "reason",
    },
    "disclosure.Review": {
        NONE: "edition revision passed sha256 event",
        STAFF: "reviewer",
        GUARDED: "parts warnings",
    },
    "disclosure.DerivedList": {
        NONE: (
            "town number template village from_on to_on edition state count left_out total root key made_at checked_at "
            "shown_at until gone_at"
        ),
        STAFF: "made_by checked_by shown_by",
        GUARDED: "reason",
    },
    "disclosure.DerivedRow": {
        NONE: "list number commitment case",
        GUARDED: "cells",
        SEALED: "row_sealed",
    },
    "disclosure.Expert": {
        NONE: "town number field workplace event left_on",
        CLEAR: "name",
    },
    "disclosure.Draw": {
        NONE: "town number field wanted pool announced_event size root order drawn_event",
        STAFF: "announced_by drawn_by",
        GUARDED: "purpose",
    },
    "disclosure.Penalty": {
        NONE: (
            "town unit serial number kinds amount article decided_on party organisation uscc key ground event "
            "confirmed_at carried_out_on ending ended_at"
        ),
        SECRET: "token",
        SEALED: "person_sealed",
        GUARDED: "cause content why ended_reason",
        STAFF: "entered_by confirmed_by ended_by",
    },
    "disclosure.Posting": {
        NONE: "list up_on down_on",
        STAFF: "up_by down_by",
        GUARDED: "place",
    },
    "disclosure.Approver": {
        NONE: "town post letter valid_from valid_to ended_at",
        STAFF: "added_by ended_by",
        CLEAR: "name phone",
    },
    "disclosure.ApprovalLink": {
        NONE: "edition sha256 approver made_at expires_at failures tried_at used_at revoked_at",
        STAFF: "made_by revoked_by",
        KEYED: "token_hash code_hash",
    },
    "disclosure.Waiver": {
        NONE: "edition revision identity kind event",
        STAFF: "by",
        GUARDED: "sentence reason",
    },
    "disclosure.Comment": {
        NONE: "edition event resolved_event",
        STAFF: "by resolved_by",
        GUARDED: "text",
    },
    "disclosure.ListEntry": {
        NONE: "town kind right added_at starts_at ended_at",
        STAFF: "added_by starts_by ending_by ended_by",
        GUARDED: "word reason ending_reason",
    },
    "inspection.SiteCheck": {NONE: "town at seconds pages left failed outcomes kinds"},
    "disclosure.GuideEdition": {
        NONE: "town number proposed_at reviewed_at",
        STAFF: "author reviewer",
        GUARDED: "words returned_reason",
    },
    "study.PageEdition": {
        NONE: "town number subject owner proposed_at reviewed_at",
        STAFF: "author reviewer",
        GUARDED: "title lead statements returned_reason",
    },
    "study.Outreach": {
        NONE: "town held_on manner people counting",
        STAFF: "entered_by",
        GUARDED: "place about struck_reason",
    },
    "study.Requirement": {NONE: "town year minutes"},
    "study.Session": {
        NONE: "town held_on minutes studied",
        STAFF: "entered_by",
        GUARDED: "subject speaker struck_reason",
    },
    "study.SessionFile": {NONE: "session file"},
    "study.Attendance": {NONE: "session post present answered_at", STAFF: "staff"},
    "study.Question": {
        NONE: "town number mistake source correct bases proposed_at reviewed_at retired_at",
        STAFF: "author reviewer",
        GUARDED: "story options why returned_reason retired_reason",
    },
    "study.SessionQuestion": {NONE: "session question"},
    "study.Answer": {NONE: "session question choice answered_at", STAFF: "staff"},
    "study.OutreachFile": {NONE: "outreach file", GUARDED: "words"},
    "disclosure.Link": {NONE: "document relation target"},
    "disclosure.Withholding": {
        NONE: "edition ground hide_title decided_at review_on",
        GUARDED: "reason",
    },
    "disclosure.ViewCount": {NONE: "document day channel count"},
    **CASES,
    **UTILITIES,
}
