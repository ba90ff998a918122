"""What the steps of the demo share: people, the numbers that cases and sittings got, and how words are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.authz import Viewer
from app.demo.people import People
from app.demo.source import cases, read
from app.extensions import db
from app.models import Case

OFFICER, CLERK, MINISTER = "officer@kcity.test", "clerk@kcity.test", "minister@kcity.test"
BODIES = ("embassy", "line_ministry", "kotra_centre", "local_government")


@dataclass
class Stage:
    """Cases by their slug, sittings by their key, as far as they have got."""

    people: People
    numbers: dict[str, str] = field(default_factory=dict)
    sittings: dict[str, int] = field(default_factory=dict)

    def who(self, email: str) -> Viewer:
        """The person with that address."""
        return self.people.viewer(email)

    def case(self, slug: str) -> Case:
        """The case as it stands."""
        return db.session.scalars(sa.select(Case).where(Case.number == self.numbers[slug])).one()


def both(words: Mapping[str, str]) -> str:
    """Written in both languages, one below the other: the secretariat's way with partners abroad."""
    return f"{words['ko']}\n{words['en']}"


def one_line(words: Mapping[str, str]) -> str:
    """The same where there is room for a line only."""
    return f"{words['ko']} / {words['en']}"


def signatory_of(organisation: str) -> str:
    """The address of the person who signs for an applicant."""
    (found,) = [o for o in read("organisations.yaml")["applicants"] if o["key"] == organisation]
    return str(found["signatory"]["email"])


def delegate_of(organisation: str) -> str | None:
    """The address of the person who drafts for an applicant, where there is one."""
    accounts = read("people.yaml")["accounts"]
    found = [p["email"] for p in accounts if p.get("organisation") == organisation and "delegate" in p["roles"]]
    return found[0] if found else None


def applicant_name(case: Mapping[str, Any]) -> dict[str, str]:
    """The applicant's name in both languages."""
    (found,) = [o for o in read("organisations.yaml")["applicants"] if o["key"] == case["organisation"]]
    return dict(found["name"])


def sittings() -> dict[str, dict[str, Any]]:
    """The sittings of the content by their key."""
    return {sitting["key"]: sitting for sitting in read("sittings.yaml")["sittings"]}


def committee_of(slug: str, sitting: str) -> dict[str, Any]:
    """What the committee did with a case at a sitting: in its first hearing or in the one after."""
    history = cases()[slug]["history"]
    told = [history["committee"], (history.get("again") or {}).get("committee") or {}]
    return dict(next(one for one in told if one.get("sitting") == sitting))


def present_at(sitting: Mapping[str, Any]) -> list[str]:
    """The members who came."""
    everyone = [member["email"] for member in read("people.yaml")["members"]]
    return [email for email in everyone if email not in sitting["absent"]]


def members_for(sitting: Mapping[str, Any], slug: str) -> list[str]:
    """The members who came and who sits for this item only."""
    return present_at(sitting) + [seat["member"] for seat in sitting.get("for_items", []) if seat["case"] == slug]


def recusals(sitting: Mapping[str, Any], slug: str) -> dict[str, str]:
    """member -> the ground on which he stayed out of an item."""
    return {r["member"]: both(r["reason"]) for r in sitting["recused"] if r["case"] == slug}
