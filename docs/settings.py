"""The environment variables of an installation: what it is without one, and what it is for. Held true by the tests."""

# name: (without it, what it is)
ENVIRONMENT: dict[str, tuple[str, str]] = {
    "MINGTANG_DATA": ("`var` beside the code", "the data folder: database, keys, files, pages, search index, log"),
    "DATABASE_URL": ("SQLite in the data folder", "`postgresql://user:password@host:port/name`"),
    "MINGTANG_HOSTS": ("every name", "host names that are answered, by comma: set it in production"),
    "MINGTANG_ORIGINS": ("none", "origins trusted for forms behind a proxy, by comma: `https://www.example.gov.cn`"),
    "MINGTANG_HTTPS": ("plain HTTP", "`1`: cookies travel over HTTPS only"),
    "MINGTANG_SECRET_KEY": ("`keys/secret_key`", "signs sessions and forms; made at first start"),
    "MINGTANG_PAYLOAD_KEY": (
        "`keys/payload_key`",
        "seals the keys of the cases (hexadecimal, 64 digits or more); made at first start",
    ),
    "MINGTANG_LEDGER_KEY_<CODE>": ("`keys/ledger-<code>.key`", "signs the log of the town with that code (64 digits)"),
    "MINGTANG_NODE": ("the machine's host name", "name of this node in the cursors of followers: stable, one per node"),
    "MINGTANG_UPLOAD_LIMIT": ("52428800 (50 MB)", "largest file that may be uploaded, in bytes; said on the forms"),
    "MINGTANG_SMTP_URL": (
        "e-mails become letters",
        "mail server: `smtp+tls://user:password@host:587` (STARTTLS), `smtps://…`, `smtp://…`",
    ),
    "MINGTANG_MAIL_FROM": ("none", "the sender's address of e-mails; needed with a mail server"),
    "MINGTANG_SMS_URL": (
        "text messages become letters, nobody logs in by telephone",
        "gateway for text messages: it is sent one POST each",
    ),
    "MINGTANG_SMS_BODY": (
        '`{"phone": "{phone}", "text": "{text}", "id": "{id}"}`',
        "what is posted: a JSON object, or a form such as `mobile={phone}&content={text}&msgid={id}`",
    ),
    "MINGTANG_SMS_HEADER": ("none", "one more header, such as `Authorization: Bearer …`"),
    "MINGTANG_SMS_ACCEPTED": (
        "`code=0`",
        "field and value of the JSON answer that mean yes; any other value is a no for good; empty: HTTP 2xx is a yes",
    ),
    "MINGTANG_WEBHOOK_URL": ("nothing is pushed", "where what happens to public cases is pushed to as JSON"),
    "MINGTANG_WEBHOOK_SECRET": ("none", "signs what is pushed (HMAC-SHA-256), 16 characters or more"),
    "MINGTANG_FONTS": ("the system's fonts", "more font folders for paper, by colon"),
    "MINGTANG_LOG": ("`WARNING`", "level of the log on standard error"),
    "HOST": ("`127.0.0.1`", "address that `mingtang serve` listens on"),
    "PORT": ("`8000`", "port that `mingtang serve` listens on"),
}

# What a program sets for its own child, or only the tests read: nobody's to set on an installation.
INTERNAL = {
    "MINGTANG_EMBEDDED": "set by `mingtang serve` for its worker, which then follows events itself",
    "MINGTANG_SHARED": "where the tests find shared material",
    "MINGTANG_TEST_WORKERS": "how many processes the tests use",
    "CI": "what a machine lacks is then a failure",
}
