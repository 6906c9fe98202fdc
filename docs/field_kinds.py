"""What a column may hold about a person: the words of `docs.fields`."""

NONE = "none"  # says nothing about a natural person
STAFF = "staff"  # names an official acting in office, by key or code
CLEAR = "clear"  # personal and readable: only the columns of REASONS
SEALED = "sealed"  # personal, encrypted under the key of the case
KEYED = "keyed"  # keyed hash: finds an equal value, reveals none
SECRET = "secret"  # noqa: S105 (key, salt or password hash)
GUARDED = "guarded"  # free text of officials about public matters: no column for a resident's data

TITLES = {
    NONE: "says nothing about a natural person",
    STAFF: "names an official acting in office, by key or code",
    CLEAR: "personal and readable, for the reason below",
    SEALED: "personal, encrypted under the key of the case",
    KEYED: "keyed hash: finds an equal value, reveals none",
    SECRET: "key, salt or password hash",
    GUARDED: "free text of officials; what becomes public passes the guard first",
}
