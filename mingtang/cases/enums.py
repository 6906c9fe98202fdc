"""Words of a case."""

from django.db import models


class CaseState(models.TextChoices):
    DRAFT = "draft", "未提交"
    SUBMITTED = "submitted", "已收件"
    SUPPLEMENT_DUE = "supplement_due", "待补正"
    ACCEPTED = "accepted", "已受理"
    SUSPENDED = "suspended", "特别程序中"
    REPORTED_UP = "reported_up", "已报送上级"
    DECIDED = "decided", "已决定"
    CLOSED = "closed", "已办结"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    NOT_REQUIRED = "not_required", "不需要办理"
    PASSED_ON = "passed_on", "已转办"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "已失效"


class Outcome(models.TextChoices):
    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予"
    PARTLY = "partly", "部分准予"


class Channel(models.TextChoices):
    ONLINE = "online", "网上"
    WINDOW = "window", "窗口"
    OFFICE = "office", "依职权"
    # Written on paper while the machines stood still, entered afterwards.
    PAPER = "paper", "窗口纸质"


class OutageCause(models.TextChoices):
    POWER = "power", "停电"
    NETWORK = "network", "停网"
    MACHINE = "machine", "机器坏了"
    DISASTER = "disaster", "灾害"


class ApplicantKind(models.TextChoices):
    PERSON = "person", "个人"
    ORGANISATION = "organisation", "单位"


class ActsAs(models.TextChoices):
    """Who acts for the applicant (许可法 29; 民法典 23, 34; 社会救助暂行办法 11)."""

    AGENT = "agent", "代理人"
    GUARDIAN = "guardian", "监护人"
    COMMITTEE = "committee", "村（居）委会"

    @property
    def proof(self) -> str:
        """The paper that proves it."""
        return "能证明监护关系的证件，例如户口簿" if self == ActsAs.GUARDIAN else "申请人写的委托书"


class AuthorityChange(models.TextChoices):
    """What became of an authority while the case runs (民法典 165, 173)."""

    RENEWED = "renewed", "委托续期"
    CHANGED = "changed", "换了来办的人"
    ENDED = "ended", "委托终止"


class GuardianRelation(models.TextChoices):
    """What the guardian is to the applicant (民法典 27, 28, 32)."""

    PARENT = "parent", "父母"
    GRANDPARENT = "grandparent", "祖父母、外祖父母"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "成年子女"
    SIBLING = "sibling", "成年的兄弟姐妹"
    OTHER = "other", "别的监护人（经村、居委会或者民政部门同意）"
    ORGAN = "organ", "村（居）委会、民政部门的经办人"


class TellBy(models.TextChoices):
    """How the applicant wants to be told; nobody is written to who did not choose it."""

    NO = "no", "不用，我自己凭编号查"
    SMS = "sms", "发短信到上面的手机"
    EMAIL = "email", "发电子邮件"
    PRINT = "print", "寄信到上面的住址"


class MaterialState(models.TextChoices):
    MISSING = "missing", "还没有"
    TO_BRING = "to_bring", "带到窗口"
    RECEIVED = "received", "已收到"
    FETCHED = "fetched", "由我们调取"
    DEFERRED = "deferred", "容缺后补"
    PLEDGED = "pledged", "书面承诺代替"
    DROPPED = "dropped", "不再要"


class ClockKind(models.TextChoices):
    INTAKE = "intake", "收件审查"
    STATUTORY = "statutory", "法定办理"
    PROMISE = "promise", "承诺办理"
    STEP = "step", "环节"
    SUPERIOR = "superior", "上级办理"
    SERVICE = "service", "送达"


class Paper(models.TextChoices):
    RECEIPT = "receipt", "收件凭证"
    ACCEPTANCE = "acceptance", "受理通知书"
    SUPPLEMENT = "supplement", "一次性告知补正通知书"
    PAYMENT = "payment", "缴款通知书"
    NOT_ACCEPTED = "not_accepted", "不予受理决定书"
    GRANT = "grant", "准予决定书"
    REFUSAL = "refusal", "不予决定书"
    SERVICE_RECORD = "service_record", "送达回证"
    SPECIAL = "special", "特别程序告知书"
    EXTENSION = "extension", "延期告知书"
    NOT_REQUIRED = "not_required", "不需要办理告知书"
    PASSED_ON = "passed_on", "转办告知书"
    WITHDRAWAL = "withdrawal", "撤回申请告知书"
    CORRECTED = "corrected", "自行纠正决定书"
    CLERICAL = "clerical", "更正书"
    REMINDER = "reminder", "补正提醒书"
    LAPSED = "lapsed", "视为放弃申请告知书"
    PARTY = "party", "利害关系人告知书"
    HEARING = "hearing", "听证通知书"
    PERMIT_ASKED = "permit_asked", "变更延续申请收件凭证"
    PERMIT_CHANGED = "permit_changed", "准予变更决定书"
    PERMIT_RENEWED = "permit_renewed", "准予延续决定书"
    PERMIT_KEPT = "permit_kept", "不予变更延续决定书"
    PERMIT_WARNED = "permit_warned", "拟撤销撤回告知书"
    PERMIT_WITHDRAWN = "permit_withdrawn", "撤回决定书"
    PERMIT_REVOKED = "permit_revoked", "撤销决定书"
    PERMIT_CANCELLED = "permit_cancelled", "注销决定书"
    PERMIT_REISSUED = "permit_reissued", "补发证照通知书"
    SENT_UP = "sent_up", "报送告知书"
    RESULT_ABOVE = "result_above", "上级决定告知书"
    REBASED = "rebased", "适用新法告知书"


class ServeMode(models.TextChoices):
    DIRECT = "direct", "当面直接送达"
    HOUSEHOLD = "household", "同住成年家属签收"
    AGENT = "agent", "代理人或者指定代收人签收"
    LEFT = "left", "留置送达"
    POST = "post", "邮寄送达"
    ELECTRONIC = "electronic", "电子送达（本人书面同意）"
    HANDED = "handed", "单位转交"
    NOTICE = "notice", "公告送达"


class RulingKind(models.TextChoices):
    """What came of a review or a suit (复议法 63–67; 行诉法 70, 72)."""

    CHANGED = "changed", "变更"
    REVOKED = "revoked", "撤销"
    REDO = "redo", "撤销并责令重新作出"
    PERFORM = "perform", "责令履行"
    UNLAWFUL = "unlawful", "确认违法"
    VOID = "void", "确认无效"
    UPHELD = "upheld", "维持或者驳回"


class RulingBody(models.TextChoices):
    REVIEW = "review", "行政复议"
    COURT = "court", "行政诉讼"


class Retention(models.TextChoices):
    """保管期限."""

    TEN = "ten", "10年"
    THIRTY = "thirty", "30年"
    FOREVER = "forever", "永久"


class PartyAnswer(models.TextChoices):
    """What an interested party answered (许可法 36, 47)."""

    VIEWS = "views", "提出了意见"
    WAIVED = "waived", "书面表示没有意见"
    HEARING = "hearing", "要求听证"
    SILENT = "silent", "到期没有答复"


class PermitState(models.TextChoices):
    """状态 of a permit; whether its days are over is seen from its last day."""

    VALID = "valid", "有效"
    WITHDRAWN = "withdrawn", "已撤回"
    REVOKED = "revoked", "已撤销"
    CANCELLED = "cancelled", "已注销"


class PermitAct(models.TextChoices):
    """What happened to a permit."""

    ISSUED = "issued", "发给"
    CHANGED = "changed", "变更"
    RENEWED = "renewed", "延续"
    DEEMED = "deemed", "视为准予延续"
    REISSUED = "reissued", "补发"
    WITHDRAWN = "withdrawn", "撤回"
    REVOKED = "revoked", "撤销"
    CANCELLED = "cancelled", "注销"


class Asked(models.TextChoices):
    """What the holder of a permit asks (许可法 49, 50)."""

    CHANGE = "change", "变更"
    RENEW = "renew", "延续"


class AskOutcome(models.TextChoices):
    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予"
    DEEMED = "deemed", "视为准予"
    DROPPED = "dropped", "证照已经失效"


class WarnedOf(models.TextChoices):
    WITHDRAW = "withdraw", "撤回"
    REVOKE = "revoke", "撤销"


class RevokeGround(models.TextChoices):
    """许可法 69: by deceit or bribery it must be revoked, else it may be."""

    DECEIT = "deceit", "以欺骗、贿赂等不正当手段取得（应当撤销）"
    ABUSE = "abuse", "工作人员滥用职权、玩忽职守作出"
    BEYOND = "beyond", "超越法定职权作出"
    PROCEDURE = "procedure", "违反法定程序作出"
    UNFIT = "unfit", "申请人不具备资格或者不符合法定条件"
    OTHER = "other", "依法可以撤销的其他情形"


class WithdrawGround(models.TextChoices):
    """许可法 8."""

    LAW = "law", "所依据的法律、法规、规章修改或者废止"
    FACTS = "facts", "所依据的客观情况发生重大变化"


class CancelGround(models.TextChoices):
    """许可法 70."""

    EXPIRED = "expired", "有效期届满没有延续"
    DIED = "died", "持证的人死亡或者丧失行为能力"
    ENDED = "ended", "持证的单位依法终止"
    TAKEN = "taken", "已经依法撤销、撤回"
    REDONE = "redone", "原来的决定重新作过，不再作数"
    IMPOSSIBLE = "impossible", "因不可抗力，许可的事项无法实施"
    OTHER = "other", "依法被吊销，或者法律、法规规定应当注销的其他情形"


class Fate(models.TextChoices):
    """What a new decision makes of the permits that the earlier one gave."""

    KEPT = "kept", "维持，原证照继续有效"
    ENDED = "ended", "注销原证照"


class GrantState(models.TextChoices):
    """Where a result to be published stands."""

    WAITING = "waiting", "等审查"
    SHOWN = "shown", "已公开"
    WITHHELD = "withheld", "不公开"
    ENDED = "ended", "期满撤下"
