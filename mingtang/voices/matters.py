"""诉求: what people tell a public utility, its answer in time, their yes or no, the office's ruling."""

from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any, BinaryIO

from django.utils import timezone

from mingtang.cases.numbers import check_code, code_for, code_hash
from mingtang.events import types, vault
from mingtang.events.log import APPLICANT, Actor, record
from mingtang.events.models import PayloadKey
from mingtang.files.actions import store
from mingtang.files.models import StoredFile
from mingtang.files.photo import without_place
from mingtang.files.policies import IMAGES
from mingtang.files.sniff import sniff
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor, held_by, posts_of
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.models import Tenant
from mingtang.voices.actions import MAX_TOLD, MOST_A_DAY, Told
from mingtang.voices.enums import MatterKind, MatterOutcome
from mingtang.voices.models import Matter, MatterSerial
from mingtang.voices.states import MATTER
from mingtang.workdays.tables import calendar_for

# Numbers and outcomes are public: one that was given can be missed.
EVENTS = {
    "tell": types.define("matter.tell", "反映诉求", public=True),
    "answer": types.define("matter.answer", "答复诉求", public=True),
    "accept": types.define("matter.accept", "认可答复", public=True),
    "dispute": types.define("matter.dispute", "不认可答复", public=True),
    "rule": types.define("matter.rule", "复核诉求", public=True),
    "challenge": types.define("matter.challenge", "反映和公布的不一样", public=True),
    "propose": types.define("matter.propose", "答复核对", public=True),
    "confirm": types.define("matter.confirm", "认定核对", public=True),
    "send_back": types.define("matter.send_back", "核对退回重答", public=True),
    "ask_again": types.define("matter.ask_again", "请求再核对一次", public=True),
    "decide_again": types.define("matter.decide_again", "再核对", public=True),
}
K, End = MatterKind, MatterOutcome
# Working days to an answer. The town's own, the five days of complaints after other towns' 12345.
DAYS = {K.COMPLAINT: 5, K.SUGGESTION: 15, K.QUESTION: 3, K.HELP: 1, K.CHALLENGE: 5}
ENDS: dict[str, tuple[MatterOutcome, ...]] = {
    K.COMPLAINT: (End.UPHELD, End.PARTLY, End.UNFOUNDED),
    K.SUGGESTION: (End.ADOPTED, End.PARTLY_ADOPTED, End.NOT_ADOPTED),
    K.QUESTION: (End.EXPLAINED, End.REFERRED),
    K.HELP: (End.HELPED, End.REFERRED, End.CANNOT),
    K.CHALLENGE: (End.UPHELD, End.UNFOUNDED, End.PASSED_ON),
}
# A question that was answered is asked again, a suggestion that was weighed is no quarrel: only these are ruled on.
DISPUTED = (K.COMPLAINT, K.HELP)
TOLD = (K.COMPLAINT, K.SUGGESTION, K.QUESTION, K.HELP)
# Acts of a challenge and of nothing else.
CHALLENGED = ("challenge", "propose", "confirm", "send_back", "ask_again", "decide_again")
MAX_ANSWER = 500
PHOTO_LIMIT = 8 * 1024 * 1024
Photo = tuple[str, BinaryIO]


@dataclass(frozen=True)
class Received:
    matter: Matter
    code: str


def tell(*, tenant: Tenant, kind: str, told: Told, submission: str) -> Received:
    """Open a matter. ``submission`` is the form's own token: sent twice, the same number and code come back."""
    if kind not in TOLD:
        raise Refused("请选是投诉、建议、咨询还是求助。", field="kind")
    told = Told(*(" ".join(part.split()) for part in (told.text, told.name, told.phone)))
    if not told.text:
        raise Refused("请写明是什么事。", field="text")
    if len(told.text) > MAX_TOLD:
        raise Refused(f"写了 {len(told.text)} 个字，最多 {MAX_TOLD} 个字。请写短一些。", field="text")
    return begin("tell", unit=tenant.unit, kind=kind, words=asdict(told), submission=submission)


def begin(
    name: str,
    *,
    unit: Unit,
    kind: str,
    words: dict[str, str],
    submission: str,
    photo: Photo | None = None,
    **about: Any,
) -> Received:
    """Give the next number of the year, seal what was written, start the clock. ``about``: what is challenged."""
    town, code = unit.town, code_for(submission)
    with act():
        serial = _locked_serial(town)
        if again := Matter.objects.filter(town=town, submission=submission).first():
            return Received(again, code)
        today = timezone.localdate()
        if Matter.objects.filter(town=town, told_at__date=today).count() >= MOST_A_DAY:
            raise Refused("今天反映的人已经很多，我们都记下了。请明天再来，或者打监督电话。")
        serial.last += 1
        serial.save(update_fields=["last"])
        key, number = vault.new_key(town), f"{town.prefix}GY{serial.year}-{serial.last:04d}"
        matter = Matter(
            town=town,
            number=number,
            submission=submission,
            code_hash=code_hash(number, code),
            unit=unit,
            kind=kind,
            state=MATTER[name].target,
            key=key,
            photo=_sealed(town, key, photo) if photo else None,
            told_at=timezone.now(),
            due_on=calendar_for(town).last_day(today, DAYS[MatterKind(kind)]).day,
            **about,
        )
        save(name, matter, APPLICANT, words)
    return Received(matter, code)


def _sealed(town: Jurisdiction, key: PayloadKey, photo: Photo) -> StoredFile:
    """A photo under the key of its matter, without the place where it was taken."""
    name, stream = photo
    data = stream.read(PHOTO_LIMIT + 1)
    try:
        return store(
            town=town,
            name=name,
            stream=BytesIO(without_place(data) if sniff(data).code in IMAGES else data),
            by=APPLICANT,
            purpose="matter",
            allowed=IMAGES,
            limit=PHOTO_LIMIT,
            seal_key=vault.key_bytes(key),
        )
    except Refused as refusal:
        raise Refused(refusal.message, field="photo") from refusal


def check_matter(name: str, matter: Matter, by: Staff) -> None:
    """Raise ``Refused`` unless the table has the act from this state and the person is of the unit, or of the office
    that rules."""
    row, held = MATTER[name], held_by(by)
    mine = not held.tenant or matter.unit_id in held.tenant
    if name == "propose" and held.own.isdisjoint({Permission.TENANT_KEEP, Permission.ITEM_DECIDE}):
        mine = matter.unit_id in {post.unit_id for post in posts_of(by)}
    if by.town_id != matter.town_id or held.own.isdisjoint(row.powers) or not mine:
        raise Refused(
            f"您的岗位不能{row.title}这件诉求。答复由公用单位写，复核由监督检查的岗位办，再核对由党政办公室负责人或者司法所办。"
        )
    check_matter_state(name, matter)
    if name == "decide_again" and by.pk in (matter.answered_by_id, matter.checked_by_id):
        raise Refused("第一次答复、认定的人不能再核对。请党政办公室负责人或者司法所的另一位同事办理。")


def can_matter(name: str, matter: Matter, by: Staff) -> bool:
    try:
        check_matter(name, matter, by)
    except Refused:
        return False
    return True


def check_matter_state(name: str, matter: Matter) -> None:
    challenged = matter.kind == MatterKind.CHALLENGE
    if matter.state not in MATTER[name].sources or challenged is not (name in CHALLENGED):
        raise Refused(f"{matter.number} 现在是“{matter.get_state_display()}”，不能{MATTER[name].title}。请刷新再看。")


def answer(*, matter: Matter, outcome: str, text: str, by: Staff) -> Matter:
    """The unit answers, with one of the ends of the kind."""
    text = clear_text(text, "请写答复：查到了什么，怎样办的，谁来办。", "text", MAX_ANSWER, town=by.town_id)
    with act():
        matter = locked(matter)
        check_matter("answer", matter, by)
        if outcome not in ENDS[matter.kind]:
            raise Refused(f"{matter.get_kind_display()}没有这种结果，请另选一种。", field="outcome")
        matter.outcome, matter.answered_by, matter.answered_at = outcome, by, timezone.now()
        return moved("answer", matter, actor(by), {"answer": text})


def accept(*, matter: Matter) -> Matter:
    """The person, who showed the code, takes the answer."""
    with act():
        matter = locked(matter)
        check_matter_state("accept", matter)
        return moved("accept", matter, APPLICANT, {})


def dispute(*, matter: Matter, text: str) -> Matter:
    """The person does not take the answer: the town's office looks at it, whoever answered does not."""
    text = " ".join(text.split())
    if not text:
        raise Refused("请写明答复哪里不对。", field="text")
    if len(text) > MAX_TOLD:
        raise Refused(f"写了 {len(text)} 个字，最多 {MAX_TOLD} 个字。请写短一些。", field="text")
    with act():
        matter = locked(matter)
        check_matter_state("dispute", matter)
        if matter.kind not in DISPUTED:
            raise Refused("咨询和建议不用复核。没有答清的，请再问一次。", field="text")
        matter.disputed_at = timezone.now()
        return moved("dispute", matter, APPLICANT, {"dispute": text})


def rule(*, matter: Matter, outcome: str, text: str, by: Staff) -> Matter:
    """The office decides which end it is; that is the last word of this procedure."""
    text = clear_text(text, "请写复核的结论和理由。", "text", MAX_ANSWER, town=by.town_id)
    with act():
        matter = locked(matter)
        check_matter("rule", matter, by)
        if outcome not in ENDS[matter.kind]:
            raise Refused(f"{matter.get_kind_display()}没有这种结果，请另选一种。", field="outcome")
        matter.outcome, matter.ruled_by, matter.ruled_at = outcome, by, timezone.now()
        return moved("rule", matter, actor(by), {"ruling": text})


def open_with_code(town: Jurisdiction, number: str, code: str) -> Matter:
    """The matter of a number and its code. Raises ``Refused`` alike for a wrong code and for no such number."""
    number = number.strip().upper()
    matter = Matter.objects.filter(town=town, number=number).select_related("unit", "key", "town").first()
    check_code(town, number, code, matter.code_hash if matter else None)
    assert matter is not None  # check_code refuses a number that does not exist
    return matter


def facts(matter: Matter) -> dict[str, str | int | None]:
    """How a matter stands, in codes: what every event says of it. What was written as one hash of what lies sealed."""
    about: dict[str, str | int | None] = {}
    if matter.about:
        photo = matter.photo.sha256 if matter.photo else ""
        about = {"about": matter.about, "edition": matter.edition, "row": matter.row, "photo": photo}
        about["checked"] = matter.checked_by.code if matter.checked_by else ""
        if matter.second_due_on:
            about["second_due"] = matter.second_due_on.isoformat()
            about["ruled"] = matter.ruled_by.code if matter.ruled_by else ""
    return about | {
        "unit": matter.unit.code,
        "kind": matter.kind,
        "state": matter.state,
        "outcome": matter.outcome,
        "due": matter.due_on.isoformat(),
        "words": sha256_hex(bytes(matter.told_sealed)),
    }


def moved(name: str, matter: Matter, by: Actor, words: dict[str, str]) -> Matter:
    matter.state = MATTER[name].target or matter.state
    return save(name, matter, by, matter.words | words)


def save(name: str, matter: Matter, by: Actor, words: dict[str, str]) -> Matter:
    """Seal what was written so far, and the event that says how the matter stands now."""
    matter.told_sealed = vault.seal(matter.key, canonical_json(words))
    matter.save()
    record(town=matter.town, type=EVENTS[name], subject=matter.subject, by=by, data=facts(matter))
    return matter


def locked(matter: Matter) -> Matter:
    Matter.objects.select_for_update().only("pk").get(pk=matter.pk)
    return Matter.objects.select_related("town", "unit", "key", "photo", "checked_by", "ruled_by").get(pk=matter.pk)


def _locked_serial(town: Jurisdiction) -> MatterSerial:
    year = timezone.localdate().year
    MatterSerial.objects.get_or_create(town=town, year=year)
    return MatterSerial.objects.select_for_update().get(town=town, year=year)
