"""Minutes as a paper: one definition for the page, the PDF and the HWPX file, in both languages.

Pure: what is frozen comes in, blocks go out. `hidden`: part (workflows/minutes.py) -> why it is not shown; of an
item with all its parts hidden by a hold the title is not shown either.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.documents.minutes_item import item_blocks
from app.documents.minutes_words import CAPACITIES, FORMS, SIDES, both, day_of, heads, hour, moment
from app.documents.paper_model import Block, Column, Facts, Heading, Paper, Paragraph, Table
from workflows.committee_rules import REASONS
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it is printed. `without`: positions of items it is not for."""

    capacity: str
    name: Text
    at: datetime
    sha256: str
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """An addition to signed minutes, with the signatures it has."""

    number: int
    part: Text
    text: Text
    reason: str
    at: datetime
    signed: tuple[Signed, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the content is shown, and what stands beside it."""

    sha256: str
    status: Text
    hidden: Mapping[str, Text]
    untitled: frozenset[int] = frozenset()
    """Items whose very title is held back."""
    signed: tuple[Signed, ...] = ()
    corrections: tuple[Correction, ...] = ()


def minutes_paper(content: Mapping[str, Any], shown: Shown) -> Paper:
    """The paper of `content` (workflows/minutes.py)."""
    sitting = content["sitting"]
    number = sitting["number"]
    blocks: list[Block] = [*_head(sitting, content["observers"], shown)]
    blocks += _attendance(sitting, content["members"], shown)
    for item in content["items"]:
        blocks += item_blocks(item, sitting, shown.hidden, item["position"] in shown.untitled)
    blocks += _corrections(shown)
    blocks += _signatures(shown)
    return Paper(
        title=Text(f"제{number}차 선정심의위원회 회의록", f"Minutes of the selection committee, sitting no. {number}"),
        number=f"{sitting['programme'].upper()}-MINUTES-{number}",
        dated=day_of(sitting["roll_called_at"] or sitting["starts_at"]),
        blocks=tuple(blocks),
        issuer=both(sitting["programme_name"]),
    )


def _head(sitting: Mapping[str, Any], observers: Mapping[str, str], shown: Shown) -> Iterator[Block]:
    written = sitting["form"] == "written"
    why = REASONS.get(sitting["reason_code"] or "")
    if why is not None and sitting["reason"]:
        why = Text(f"{why.ko} – {sitting['reason']}", f"{why.en} – {sitting['reason']}")
    yield Facts(
        (
            (Text("상태", "Status"), shown.status),
            (Text("회의 형식", "Form"), FORMS[sitting["form"]]),
            (Text("서면 심의 사유", "Reason for writing"), why),
            (Text("일시", "Time"), _period(sitting)),
            (Text("장소", "Place"), sitting["place"] or None),
            (Text("위원장", "Chair"), both(sitting["chair"]["name"])),
            (Text("재적위원", "Members in office"), heads(sitting["seats"])),
            (Text("안건 송부", "Agenda sent"), moment(sitting["agenda_sent_at"])),
            (Text("긴급 사유", "Reason of urgency"), sitting["urgency_reason"] or None),
            (Text("배석자", "Also present"), both(observers) if any(observers.values()) else None),
        )
    )
    if written:
        yield Paragraph(
            Text(
                "서면 심의이므로 정해진 기간 안에 의견서를 낸 위원을 출석한 것으로 보았습니다.",
                "In a written deliberation, members who returned a paper within the window count as present.",
            ),
            "quiet",
        )


def _period(sitting: Mapping[str, Any]) -> Text | None:
    start = sitting["opens_at"] or sitting["roll_called_at"] or sitting["starts_at"]
    end = sitting["closes_at"] if sitting["form"] == "written" else sitting["ended_at"]
    first, last = moment(start), moment(end)
    if first is None or last is None:
        return first
    if day_of(start) == day_of(end):
        return Text(f"{first.ko} ~ {hour(end)}", f"{first.en} to {hour(end)}")
    return Text(f"{first.ko} ~ {last.ko}", f"{first.en} to {last.en}")


# Attendance -----------------------------------------------------------------------------------------------


def _attendance(sitting: Mapping[str, Any], members: Sequence[Mapping[str, Any]], shown: Shown) -> Iterator[Block]:
    yield Heading(Text("참석자", "Attendance"))
    if "attendance" in shown.hidden:
        yield Paragraph(shown.hidden["attendance"], "quiet")
        return
    if sitting["form"] == "written":
        yield Paragraph(
            Text("의견서를 낸 위원은 안건별로 적습니다.", "Who returned a paper is recorded with each item."), "quiet"
        )
        return
    here = [m for m in members if m["stays"] and not m["observer"]]
    yield Paragraph(
        Text(
            f"재적위원 {sitting['seats']}명 중 {len(here)}명이 출석하였다.",
            f"{len(here)} of the {sitting['seats']} members in office attended.",
        )
    )
    columns = (
        Column(Text("성명", "Name"), 3),
        Column(Text("구분", "Side"), 3),
        Column(Text("출석 시각", "Present"), 4),
    )
    rows = tuple((both(m["name"]), _capacity(m), _stays(m, sitting["ended_at"])) for m in members if m["stays"])
    if rows:
        yield Table(Text("출석한 위원", "Members present"), columns, rows)
    absent = [both(m["name"]) for m in members if not m["stays"]]
    if absent:
        yield Paragraph(Text("불참: " + ", ".join(n.ko for n in absent), "Absent: " + ", ".join(n.en for n in absent)))


def _capacity(member: Mapping[str, Any]) -> Text:
    capacity, side = CAPACITIES.get(member["capacity"], CAPACITIES["guest"]), SIDES[member["side"]]
    note = Text(" · 참관", " · observer") if member["observer"] else Text("", "")
    if member["proxy"]:
        note = Text(f"{note.ko} · 대리 {member['proxy']}", f"{note.en} · by proxy {member['proxy']}")
    return Text(f"{side.ko} · {capacity.ko}{note.ko}", f"{side.en} · {capacity.en}{note.en}")


def _stays(member: Mapping[str, Any], ended_at: str | None) -> Text:
    ko, en = [], []
    for stay in member["stays"]:
        until = stay["to"] or ended_at
        span = f"{hour(stay['from'])} ~ {hour(until)}" if until else f"{hour(stay['from'])} ~"
        ko.append(span)
        en.append(span.replace("~", "to"))
    return Text(", ".join(ko), ", ".join(en))


# Corrections and signatures -------------------------------------------------------------------------------


def _corrections(shown: Shown) -> Iterator[Block]:
    if not shown.corrections:
        return
    yield Heading(Text("정정", "Corrections"))
    for one in shown.corrections:
        at = moment(one.at.isoformat())
        assert at is not None
        yield Heading(Text(f"정정 제{one.number}호 ({one.part.ko})", f"Correction no. {one.number} ({one.part.en})"), 3)
        yield Paragraph(one.text)
        yield Paragraph(Text(f"사유: {one.reason} · {at.ko}", f"Reason: {one.reason} · {at.en}"), "quiet")
        yield from _names_of(one.signed)


def _signatures(shown: Shown) -> Iterator[Block]:
    yield Heading(Text("서명", "Signatures"))
    if not shown.signed:
        yield Paragraph(Text("아직 서명되지 않았습니다.", "Not signed yet."), "quiet")
    yield from _names_of(shown.signed)
    yield Facts(((Text("회의록 지문 (SHA-256)", "Fingerprint of the minutes (SHA-256)"), shown.sha256),))


def _names_of(signed: Sequence[Signed]) -> Iterator[Block]:
    roles = {"chair": Text("위원장", "Chair"), "clerk": Text("간사", "Clerk")}
    rows = []
    for one in signed:
        at = moment(one.at.isoformat())
        assert at is not None
        note = Text("", "")
        if one.without:
            which = ", ".join(map(str, one.without))
            note = Text(f" (회피한 안건 {which} 제외)", f" (not for items {which}, from which recused)")
        rows.append(
            (
                roles[one.capacity],
                Text(f"{one.name.ko} · {at.ko}{note.ko}", f"{one.name.en} · {at.en}{note.en}"),
            )
        )
    if rows:
        yield Facts(tuple(rows))
