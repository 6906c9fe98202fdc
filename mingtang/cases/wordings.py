"""What the program tells the applicant, kind by kind: of the case, of what is paid for it, of the permits it gave.

A telephone lies about: no text says more than the item, its number, where it stands and what to do next.
"""

from mingtang.cases.actions import kinds
from mingtang.cases.enums import ClockKind
from mingtang.money.actions import kinds as money
from mingtang.notices import wording

# What may stand in the words, each with an example.
EXAMPLES = {
    "编号": "WY202600018K",
    "事项": "林木采伐许可",
    "证照": "林木采伐许可证",
    "地点": "便民服务中心3号窗口",
    "开放": "工作日 8:30—12:00，14:30—17:30",
    "网址": "http://www.example.gov.cn/cases/",
    "电话": "0730-5550100",
    "期限": "2026年12月4日",
    "到期": "2027年3月16日",
    "方式": "邮寄送达",
    "金额": "160元",
    "缴款号": "260000000018",
}
READ = "到{地点}拿，或者在{网址}看。"
WHY = "理由和不服怎么办写在决定书上：" + READ
CASH = "窗口不收现金，不要转给个人。"
ALWAYS = ("编号", "事项", "地点", "网址", "电话")
# event type: the clock whose last day is told as 期限
LIMITS = {
    kinds.SUBMITTED: ClockKind.INTAKE,
    kinds.TAKEN_IN_AGAIN: ClockKind.INTAKE,
    kinds.ACCEPTED: ClockKind.PROMISE,
    kinds.ACCEPTED_BY_SILENCE: ClockKind.PROMISE,
    kinds.EXTENDED: ClockKind.STATUTORY,
    kinds.SUSPENDED: ClockKind.PROMISE,
    kinds.RESUMED: ClockKind.PROMISE,
    kinds.OPENED: ClockKind.PROMISE,
    kinds.TAKEN_BACK: ClockKind.PROMISE,
    kinds.DECIDED: ClockKind.SERVICE,
    kinds.RESULT_ABOVE: ClockKind.SERVICE,
    kinds.COLLECT_REMINDED: ClockKind.SERVICE,
}
CASE = {
    kinds.SUBMITTED: "您申请的{事项}收到了，编号{编号}。{期限}前告诉您是否受理。凭编号到窗口或者{网址}查进度。",
    kinds.SUPPLEMENT: "您申请的{事项}（{编号}）要补材料。补什么、怎样补，告知书都写了：" + READ,
    kinds.REMINDED: "您申请的{事项}（{编号}）还在等您补材料。补什么、最晚哪天，提醒书写着：" + READ,
    kinds.LAPSED: "您申请的{事项}（{编号}）过期没有补材料，视为放弃。理由和不服怎么办写在告知书上：" + READ,
    kinds.ACCEPTED: "您申请的{事项}（{编号}）已经受理，{期限}前办完。",
    kinds.ACCEPTED_BY_SILENCE: "您申请的{事项}（{编号}）我们没有按时答复，按规定视为受理，{期限}前办完。",
    kinds.NOT_ACCEPTED: "您申请的{事项}（{编号}）不予受理。" + WHY,
    kinds.NOT_REQUIRED: "您申请的{事项}（{编号}）不需要办理，原因写在告知书上：" + READ,
    kinds.PASSED_ON: "您申请的{事项}（{编号}）转给有权办的单位了，转给谁写在告知书上：" + READ,
    kinds.DEFERRED_MISSED: "您申请的{事项}（{编号}）说好后补的材料已经到期，请尽快补到{地点}。有困难请打{电话}。",
    kinds.EXTENDED: "您申请的{事项}（{编号}）要延期，最迟{期限}办完。延期告知书写明了理由，可以在{网址}看。",
    kinds.SUSPENDED: "您申请的{事项}（{编号}）要走特别程序，这段时间依法不计，预计{期限}前办完，详情在{网址}看。",
    kinds.RESUMED: "您申请的{事项}（{编号}）恢复办理，{期限}前办完。",
    kinds.DELAY_EXPLAINED: "您申请的{事项}（{编号}）会晚，原因写在进度里，可以在{网址}看。急用请打{电话}。",
    kinds.OPENED: "您符合{事项}的条件，我们主动启动了，编号{编号}，{期限}前有结果，不用交材料。不愿意办的，打{电话}。",
    kinds.SENT_UP: "您申请的{事项}（{编号}）审查完了，已经报上级决定，结果由我们送给您。可以在{网址}看。",
    kinds.RESULT_ABOVE: "您申请的{事项}（{编号}）上级已经作出决定，请{期限}前带身份证到{地点}领取（{开放}）。",
    kinds.TAKEN_BACK: "您申请的{事项}（{编号}）上级退回镇里再看，{期限}前重新报送，不用您再交材料。",
    kinds.REBASED: "您申请的{事项}（{编号}）有新的法律规定，要的材料有变动，写在告知书上：" + READ,
    kinds.DECIDED: "您申请的{事项}（{编号}）已经作出决定，请{期限}前带身份证到{地点}领取（{开放}），过了也不作废。",
    kinds.COLLECT_REMINDED: "您申请的{事项}（{编号}）的决定书还在{地点}等您领（{开放}）。{期限}前来不了，请打{电话}。",
    kinds.SERVED: "您申请的{事项}（{编号}）的决定书已经送达，方式是{方式}。没有收到的，请打{电话}。",
    kinds.CLERICAL: "您申请的{事项}（{编号}）的文书有一处写错，已经更正：到{地点}换，或者在{网址}看。意思没有变。",
    kinds.TAKEN_IN_AGAIN: "您申请的{事项}（{编号}）重新审查材料，{期限}前告诉您是否受理。在{网址}查进度。",
    kinds.SELF_CORRECTED: "您申请的{事项}（{编号}）我们发现办错了，重新办理。怎么纠正的，在{网址}看，或者打{电话}。",
    kinds.WITHDRAWN: "您申请的{事项}（{编号}）已经撤回。不是您的意思的，请马上打{电话}。以后可以重新申请。",
}
MONEY = {
    kinds.CHARGED: "您申请的{事项}（{编号}）要缴{金额}，{期限}前转账，附言写{缴款号}。账户看{网址}。" + CASH,
    money.PAID: "您申请的{事项}（{编号}）缴的{金额}收到了。票据开好了再告诉您。",
    money.UNMATCHED: "上次说收到您为{事项}（{编号}）缴的{金额}，是我们认错了。请打{电话}核对，核对以前不用再缴。",
    money.CANCELLED: "您申请的{事项}（{编号}）的缴款通知取消了，{金额}不用缴。原因在{网址}看；已经缴了的，请打{电话}。",
    money.EXPIRED: "您申请的{事项}（{编号}）过了缴款期限，没有收到{金额}，事情照常办。已经缴了的，请打{电话}。",
    money.RECEIPT: "您申请的{事项}（{编号}）的缴款票据开好了，请到{地点}拿，号码在{网址}看。",
    money.REFUND_APPROVED: "您申请的{事项}（{编号}）要退{金额}，退回付款的账户，不用您做什么。要验证码的是骗子。",
    money.REFUND_DONE: "您申请的{事项}（{编号}）的{金额}已经退回原来付款的账户。没有收到的，请打{电话}。",
}
PERMIT = {
    kinds.PERMIT_ASKED: "您对{证照}（{编号}）的申请收到了，{期限}前答复，答复以前照常有效。凭编号到窗口或者{网址}查。",
    kinds.PERMIT_REMINDED: "您的{证照}（{编号}）到{到期}为止。要接着用，请{期限}前申请延续：到{地点}，或者在{网址}。",
    kinds.PERMIT_CHANGED: "您的{证照}（{编号}）准予变更，决定书" + READ,
    kinds.PERMIT_RENEWED: "您的{证照}（{编号}）准予延续，用到{到期}。决定书" + READ,
    kinds.PERMIT_DEEMED: "您申请延续{证照}（{编号}），我们没有按时答复，依法视为准予，用到{到期}。决定书" + READ,
    kinds.PERMIT_KEPT: "您对{证照}（{编号}）的申请没有准许，原证照到期以前照常有效。" + WHY,
    kinds.PERMIT_WARNED: "您的{证照}（{编号}）可能被撤销或者撤回，决定以前先听您的意见，电话{电话}。告知书" + READ,
    kinds.PERMIT_WITHDRAWN: "您的{证照}（{编号}）依法撤回。理由、补偿和不服怎么办写在决定书上：" + READ,
    kinds.PERMIT_REVOKED: "您的{证照}（{编号}）依法撤销，请不要再用。" + WHY,
    kinds.PERMIT_CANCELLED: "您的{证照}（{编号}）已经注销。" + WHY,
    kinds.PERMIT_REISSUED: "您的{证照}（{编号}）补发好了，内容和有效期不变，请带身份证到{地点}领取（{开放}）。",
}
WORDS = CASE | MONEY | PERMIT


def _places(code: str) -> dict[str, str]:
    """What the words of a kind may name beside what every message may."""
    named = set(ALWAYS)
    if code in PERMIT:
        named |= {"证照", "到期"}
    if code in MONEY:
        named |= {"金额"}
    return {place: example for place, example in EXAMPLES.items() if place in named or f"{{{place}}}" in WORDS[code]}


for _code, _text in WORDS.items():
    wording.define(_code, _text, _places(_code))
