"""Words of the outbox."""

from django.db import models


class Channel(models.TextChoices):
    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"
    WEBHOOK = "webhook", "推送给其他系统"
    PRINT = "print", "寄信"


class MessageState(models.TextChoices):
    WAITING = "waiting", "等着发"
    SENDING = "sending", "正在发"
    SENT = "sent", "已发出"
    FAILED = "failed", "没有发成"
    GIVEN_UP = "given_up", "不再发"
    PRINTED = "printed", "已打印寄出"


class Problem(models.TextChoices):
    """Why the last attempt did not succeed: our words, never the gateway's, which may repeat the address."""

    UNREACHABLE = "unreachable", "连不上对方的服务"
    TIMEOUT = "timeout", "对方在时限内没有回答"
    BUSY = "busy", "对方说现在办不了，请稍后再试"
    UNCLEAR = "unclear", "对方的回答看不懂，不知道发出去没有"
    SETUP = "setup", "对方不认我们的账号或者地址，请系统管理员核对设置"
    LOCKED = "locked", "本机的密钥打不开它，请系统管理员核对密钥文件夹"
    REFUSED = "refused", "对方拒收，多半是号码或者地址不对"
    BROKEN = "broken", "发送的程序几次中断"
    DESTROYED = "destroyed", "资料已经依法销毁，打不开了"
    OVER = "over", "过了时候，本人用不上了"
