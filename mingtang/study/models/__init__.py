"""Law pages, campaigns, training, quiz."""

from mingtang.study.models.pages import Outreach, OutreachFile, PageEdition
from mingtang.study.models.quiz import Answer, Question, SessionQuestion
from mingtang.study.models.training import Attendance, Requirement, Session, SessionFile
from mingtang.study.models.two_persons import TwoPersons

__all__ = [
    "Answer",
    "Attendance",
    "Outreach",
    "OutreachFile",
    "PageEdition",
    "Question",
    "Requirement",
    "Session",
    "SessionFile",
    "SessionQuestion",
    "TwoPersons",
]
