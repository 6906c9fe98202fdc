"""E-mail through Django's mail backend, set up from the environment."""

import hashlib
import smtplib

from django.core.mail import EmailMessage

from mingtang.notices.enums import Problem
from mingtang.notices.transports import Answer, Outcome, Parcel


def _by_code(code: int) -> Answer:
    """5xx is a no for good, 4xx means later (RFC 5321, 4.2.1)."""
    if 500 <= code < 600:
        return Answer(Outcome.REFUSED, Problem.REFUSED, f"SMTP {code}")
    return Answer(Outcome.UNCLEAR, Problem.BUSY, f"SMTP {code}")


def send(parcel: Parcel) -> Answer:
    """Hand one letter to the mail server. The same message keeps its Message-ID, so that a second copy is known."""
    identity = hashlib.sha256(f"{parcel.town}:{parcel.once}".encode()).hexdigest()[:32]
    headers = {
        "Message-ID": f"<{identity}@{parcel.domain.partition(':')[0] or 'localhost'}>",
        "Auto-Submitted": "auto-generated",
    }
    if parcel.unsubscribe:
        # RFC 8058: the mailbox shows a button and posts this for its owner.
        headers["List-Unsubscribe"] = f"<{parcel.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = EmailMessage(subject=parcel.title, body=parcel.text, to=[parcel.to], headers=headers)
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        return _by_code(min(code for code, _ in error.recipients.values()))
    except smtplib.SMTPAuthenticationError as error:
        return Answer(Outcome.UNCLEAR, Problem.SETUP, f"SMTP {error.smtp_code}")
    except (smtplib.SMTPSenderRefused, smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
        return Answer(Outcome.UNCLEAR, Problem.SETUP, f"SMTP {error.smtp_code}")
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code)
    except TimeoutError:
        return Answer(Outcome.UNCLEAR, Problem.TIMEOUT)
    except smtplib.SMTPException as error:
        silent = isinstance(error.__context__, TimeoutError)
        return Answer(Outcome.UNCLEAR, Problem.TIMEOUT if silent else Problem.UNCLEAR)
    except OSError:
        return Answer(Outcome.UNCLEAR, Problem.UNREACHABLE)
    except ValueError:
        # A line break where an address should be: nobody can be written to like that.
        return Answer(Outcome.REFUSED, Problem.REFUSED)
    return Answer(Outcome.SENT)
