"""The tables, one aggregate a file. Importing this module makes all of them known to SQLAlchemy."""

from app.models.case import Attachment, Case, Counter, NumberSeries, Section, Version
from app.models.clocks import CaseClock, ClockPause
from app.models.committee import AgendaItem, Attendance, Seat, Sitting
from app.models.condition import Condition
from app.models.consulting import Advice, Consulting, Meeting
from app.models.decision import Allocation, Announcement, Decision, Envelope, Letter
from app.models.delivery import Delivery, Heartbeat
from app.models.evaluation import Duty, Ranking, ScoreSheet
from app.models.event import Event
from app.models.interest import Declaration
from app.models.message import Message
from app.models.objection import Objection
from app.models.once import Once
from app.models.organisation import Membership, Organisation
from app.models.people import Attempt, Invitation, LoginSession, RoleGrant, Token, User
from app.models.programme import Cycle, CycleRevision, Programme
from app.models.published import PublishedProject, PublishedTotal
from app.models.screening import ChecklistAnswer, Opinion, Supplement, SupplementItem
from app.models.vote import Ballot, Motion, Resolution

__all__ = [
    "Advice",
    "AgendaItem",
    "Allocation",
    "Announcement",
    "Attachment",
    "Attempt",
    "Attendance",
    "Ballot",
    "Case",
    "CaseClock",
    "ChecklistAnswer",
    "ClockPause",
    "Condition",
    "Consulting",
    "Counter",
    "Cycle",
    "CycleRevision",
    "Decision",
    "Declaration",
    "Delivery",
    "Duty",
    "Envelope",
    "Event",
    "Heartbeat",
    "Invitation",
    "Letter",
    "LoginSession",
    "Meeting",
    "Membership",
    "Message",
    "Motion",
    "NumberSeries",
    "Objection",
    "Once",
    "Opinion",
    "Organisation",
    "Programme",
    "PublishedProject",
    "PublishedTotal",
    "Ranking",
    "Resolution",
    "RoleGrant",
    "ScoreSheet",
    "Seat",
    "Section",
    "Sitting",
    "Supplement",
    "SupplementItem",
    "Token",
    "User",
    "Version",
]
