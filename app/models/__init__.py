"""The tables, one aggregate a file. Importing this module makes all of them known to SQLAlchemy."""

from app.models.calendar import CalendarFeed
from app.models.case import Attachment, Case, Counter, NumberSeries, Section, Version
from app.models.clocks import CaseClock, ClockPause
from app.models.committee import (
    AgendaItem,
    Attendance,
    CommitteeRule,
    ItemSeat,
    RosterEntry,
    Seat,
    Sitting,
    SittingEvent,
)
from app.models.condition import Condition, ConditionStep
from app.models.consensus import ConsensusAnswer, ConsensusReport, Placing
from app.models.consulting import Advice, Consulting, Meeting
from app.models.decision import Allocation, AllocationRelease, Announcement, Decision, Envelope, Letter
from app.models.delivery import Delivery, Heartbeat
from app.models.evaluation import DraftSheet, Duty, Ranking, ScoreSheet
from app.models.event import Event
from app.models.interest import Affiliation, Challenge, ChallengeRuling, Declaration, Finding, TiesStated
from app.models.message import Message
from app.models.minutes import (
    Minutes,
    MinutesCorrection,
    MinutesDraft,
    MinutesPublication,
    MinutesReview,
    MinutesSignature,
)
from app.models.objection import Objection
from app.models.once import Once
from app.models.organisation import Membership, Organisation
from app.models.panel import EvaluatorProfile, PanelDraw, PanelPool
from app.models.people import Attempt, Invitation, LoginSession, RecoveryCode, RoleGrant, SecondFactor, Token, User
from app.models.programme import Cycle, CycleRevision, Programme
from app.models.proof import DailyLeaf, DailyRoot, SigningKey
from app.models.published import PublishedProject, PublishedTotal
from app.models.screening import ChecklistAnswer, Opinion, Supplement, SupplementItem
from app.models.vote import (
    Ballot,
    BallotPaper,
    Dissent,
    Motion,
    OpenedBallot,
    PaperEntry,
    Resolution,
    VoidedVote,
)

__all__ = [
    "Advice",
    "Affiliation",
    "AgendaItem",
    "Allocation",
    "AllocationRelease",
    "Announcement",
    "Attachment",
    "Attempt",
    "Attendance",
    "Ballot",
    "BallotPaper",
    "CalendarFeed",
    "Case",
    "CaseClock",
    "Challenge",
    "ChallengeRuling",
    "ChecklistAnswer",
    "ClockPause",
    "CommitteeRule",
    "Condition",
    "ConditionStep",
    "ConsensusAnswer",
    "ConsensusReport",
    "Consulting",
    "Counter",
    "Cycle",
    "CycleRevision",
    "DailyLeaf",
    "DailyRoot",
    "Decision",
    "Declaration",
    "Delivery",
    "Dissent",
    "DraftSheet",
    "Duty",
    "Envelope",
    "EvaluatorProfile",
    "Event",
    "Finding",
    "Heartbeat",
    "Invitation",
    "ItemSeat",
    "Letter",
    "LoginSession",
    "Meeting",
    "Membership",
    "Message",
    "Minutes",
    "MinutesCorrection",
    "MinutesDraft",
    "MinutesPublication",
    "MinutesReview",
    "MinutesSignature",
    "Motion",
    "NumberSeries",
    "Objection",
    "Once",
    "OpenedBallot",
    "Opinion",
    "Organisation",
    "PanelDraw",
    "PanelPool",
    "PaperEntry",
    "Placing",
    "Programme",
    "PublishedProject",
    "PublishedTotal",
    "Ranking",
    "RecoveryCode",
    "Resolution",
    "RoleGrant",
    "RosterEntry",
    "ScoreSheet",
    "Seat",
    "SecondFactor",
    "Section",
    "SigningKey",
    "Sitting",
    "SittingEvent",
    "Supplement",
    "SupplementItem",
    "TiesStated",
    "Token",
    "User",
    "Version",
    "VoidedVote",
]
