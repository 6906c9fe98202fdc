"""What a form says of a field in its own words, in place of Django's, which speak of variables and field values."""

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator


def speak_plainly() -> None:
    """Set the sentences once, at start. A field that has a sentence of its own keeps it."""
    forms.Field.default_error_messages["required"] = "还没有填写，请填上。"
    forms.ChoiceField.default_error_messages |= {
        "required": "还没有选择，请选一个。",
        "invalid_choice": "请从列出的里面选一个。",
    }
    # Written to Django's own pattern: the validator fills in the two numbers.
    MaxLengthValidator.message = "写了 %(show_value)d 个字，最多 %(limit_value)d 个字。请写短一些。"
    ProhibitNullCharactersValidator.message = "里面有看不见的字符，请删去重新填写。"
