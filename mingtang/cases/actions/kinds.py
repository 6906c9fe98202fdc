"""The event types of a case."""

from mingtang.events import types

SUBMITTED = types.define("case.submitted", "提交申请")
MATERIALS = types.define("case.materials_received", "收到材料")
SUPPLEMENT = types.define("case.supplement_requested", "一次性告知")
SUPPLIED = types.define("case.supplied", "补交材料")
SUPPLY_COMPLETE = types.define("case.supply_complete", "补正完成")
ACCEPTED = types.define("case.accepted", "受理")
ACCEPTED_BY_SILENCE = types.define("case.accepted_by_silence", "逾期未告知，视为受理")
NOT_ACCEPTED = types.define("case.not_accepted", "不予受理")
OPINION = types.define("case.opinion", "环节意见")
REDO = types.define("case.returned_for_redo", "退回重办")
DECIDED = types.define("case.decided", "作出决定")
SERVED = types.define("case.served", "送达")
WITHDRAWN = types.define("case.withdrawn", "撤回申请")
DEFERRED = types.define("case.paper_deferred", "容缺，材料后补")
DEFERRED_IN = types.define("case.deferred_paper_in", "补交容缺材料")
DEFERRED_MISSED = types.define("case.deferred_paper_missed", "容缺到期没有补交")
SUSPENDED = types.define("case.suspended", "启动特别程序")
RESUMED = types.define("case.resumed", "恢复办理")
EXTENDED = types.define("case.extended", "延期")
DELAY_EXPLAINED = types.define("case.delay_explained", "说明晚的原因")
