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


class ClockKind(models.TextChoices):
    INTAKE = "intake", "收件审查"
    STATUTORY = "statutory", "法定办理"
    PROMISE = "promise", "承诺办理"
    STEP = "step", "环节"
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
