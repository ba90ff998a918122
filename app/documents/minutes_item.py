"""An item of the minutes: what was said, how it went, what was moved, how it was voted. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.documents.minutes_words import CHOICES, OUTCOMES, STEPS, VOID, both, hour
from app.documents.paper_model import Block, Column, Facts, Heading, Items, Paragraph, Table
from workflows import words
from workflows.commitment import short_code
from workflows.minutes import part_key
from workflows.text import Text


def item_blocks(
    item: Mapping[str, Any], sitting: Mapping[str, Any], hidden: Mapping[str, Text], untitled: bool
) -> Iterator[Block]:
    """The blocks of one item. `hidden`: part -> why it is not shown; `untitled`: not even its title is."""
    position = item["position"]
    gist, vote, dissent = (part_key(position, kind) for kind in ("gist", "vote", "dissent"))
    if untitled:
        yield Heading(Text(f"안건 {position}", f"Item {position}"))
        yield Paragraph(hidden[gist], "quiet")
        return
    title = both(item["title"])
    yield Heading(Text(f"안건 {position}. {title.ko}", f"Item {position}. {title.en}"))
    mark = Text("비추천 안건", "Tabled as “not recommended”") if item["not_recommended"] else None
    yield Facts(
        (
            (Text("접수번호", "Case"), item["case"]),
            (Text("유형", "Type"), both(item["type"])),
            (Text("신청기관", "Applicant"), both(item["applicant"]) if item["applicant"] else None),
            (Text("비고", "Note"), mark),
        )
    )
    yield Heading(Text("발언 요지", "Gist of what was said"), 3)
    if gist in hidden:
        yield Paragraph(hidden[gist], "quiet")
    elif any(item["gist"].values()):
        yield Paragraph(both(item["gist"]))
    else:
        yield Paragraph(Text("발언이 없었다.", "Nothing was said for the record."))
    yield Heading(Text("의결안과 표결", "Motion and vote"), 3)
    if vote in hidden:
        yield Paragraph(hidden[vote], "quiet")
        return
    yield from _course(item)
    for round_ in item["rounds"]:
        yield from _round(round_, len(item["rounds"]) > 1, sitting)
        yield from _dissents(round_, sitting, hidden.get(dissent))
    if not item["rounds"]:
        yield Paragraph(Text("의결안이 제시되지 않았다.", "No motion was put."))


def _course(item: Mapping[str, Any]) -> Iterator[Block]:
    """The times of the item, and who was out of the room for it."""
    lines = []
    for step in item["steps"]:
        what = STEPS[step["trigger"]]
        reason = step["reason"]
        at = hour(step["at"])
        lines.append(
            Text(
                f"{at} {what.ko}" + (f" ({reason})" if reason else ""),
                f"{at} {what.en}" + (f" ({reason})" if reason else ""),
            )
        )
    for out in item["recusals"]:
        name, left = both(out["name"]), hour(out["left"])
        if out["back"]:
            back = hour(out["back"])
            lines.append(
                Text(
                    f"{name.ko} 위원 {left} 이석, {back} 복귀 (제척·기피·회피)",
                    f"{name.en} left {left}, back {back} (recused)",
                )
            )
        else:
            lines.append(
                Text(
                    f"{name.ko} 위원 {left} 이석, 복귀하지 않음 (제척·기피·회피)",
                    f"{name.en} left {left}, did not return (recused)",
                )
            )
    if lines:
        yield Items(tuple(lines))


def _round(round_: Mapping[str, Any], numbered: bool, sitting: Mapping[str, Any]) -> Iterator[Block]:
    motion, number = round_["motion"], round_["round"]
    if numbered:
        kind = Text("수정안", "amendment") if motion["kind"] == "amendment" else Text("의결안", "motion")
        yield Paragraph(Text(f"제{number}회 표결 ({kind.ko})", f"Vote no. {number} ({kind.en})"), "strong")
    yield Facts(
        (
            (Text("의결안", "Motion"), OUTCOMES[motion["outcome"]]),
            (Text("금액", "Amount"), words.money(motion["amount_krw"]) if motion["amount_krw"] is not None else None),
            (Text("내용", "Text"), motion["text"] or None),
            (Text("표결 방법", "Ballot"), Text("무기명", "Secret") if motion["secret"] else Text("기명", "By name")),
        )
    )
    if motion["conditions"]:
        yield Items(tuple(_condition(row) for row in motion["conditions"]), numbered=True)
    if round_["verdict"] is None:
        yield Paragraph(Text("표결하지 않았다.", "No vote was taken."))
        return
    yield Paragraph(both(round_["verdict"]["words"]), "decision")
    yield Paragraph(_tally(round_, sitting["form"] == "written"))
    if round_["votes"]:
        yield _by_name(round_)
    elif round_["voters"]:
        names = [both(voter["name"]) for voter in round_["voters"]]
        yield Paragraph(
            Text("투표한 위원: " + ", ".join(n.ko for n in names), "Voted: " + ", ".join(n.en for n in names))
        )
    if round_["receipts"]:
        yield Paragraph(
            Text(
                "투표 확인값(SHA-256)입니다. 각 위원은 자기 확인번호를 여기에서 찾을 수 있습니다.",
                "Hashes of the ballots (SHA-256): each member finds the one on his receipt here.",
            ),
            "quiet",
        )
        yield Paragraph("\n".join(round_["receipts"]), "quiet")
    if round_["void"]:
        void = round_["void"]
        why = VOID[void["code"]]
        yield Paragraph(
            Text(
                f"이 표결은 무효로 하였다: {why.ko}. {void['reason']}",
                f"This vote was declared void: {why.en}. {void['reason']}",
            ),
            "strong",
        )


def _condition(row: Mapping[str, Any]) -> Text:
    start = f"{row['article']} " if row.get("article") else ""
    due = row.get("due")
    return Text(
        f"{start}{row['text']}" + (f" ({due}까지)" if due else ""),
        f"{start}{row['text']}" + (f" (by {due})" if due else ""),
    )


def _tally(round_: Mapping[str, Any], written: bool) -> Text:
    counts = round_["counts"]
    yes, no, abstain, silent = counts["yes"], counts["no"], counts["abstain"], counts["not_voting"]
    came = Text("의견 제출", "returned a paper") if written else Text("출석", "present")
    return Text(
        f"{came.ko} {counts['present']}명, 회피 {counts['recused_present']}명. "
        f"찬성 {yes}명, 반대 {no}명, 기권 {abstain}명, 불투표 {silent}명.",
        f"{counts['present']} {came.en}, {counts['recused_present']} recused. "
        f"{yes} yes, {no} no, {abstain} abstained, {silent} did not vote.",
    )


def _by_name(round_: Mapping[str, Any]) -> Table:
    late = Text(" (기한 후, 집계 제외)", " (late or recused, not counted)")
    rows = []
    for vote in round_["votes"]:
        choice = CHOICES[vote["choice"]]
        said = choice if vote["counted"] else Text(choice.ko + late.ko, choice.en + late.en)
        rows.append((both(vote["name"]), said, short_code(vote["receipt"])))
    columns = (
        Column(Text("위원", "Member"), 3),
        Column(Text("표결", "Vote"), 3),
        Column(Text("확인번호", "Receipt"), 3),
    )
    return Table(Text("표결 내용", "Votes"), columns, tuple(rows))


def _dissents(round_: Mapping[str, Any], sitting: Mapping[str, Any], hidden: Text | None) -> Iterator[Block]:
    if not round_["dissents"]:
        return
    yield Heading(Text("소수의견", "Dissenting statements"), 3)
    if hidden is not None:
        yield Paragraph(hidden, "quiet")
        return
    if sitting["rule"].get("dissent") == "withheld":
        count = len(round_["dissents"])
        yield Paragraph(
            Text(
                f"소수의견 {count}건이 제출되었으며, 위원회 규칙에 따라 회의록에 싣지 않는다.",
                f"{count} submitted; by the committee's rule they are not printed in the minutes.",
            )
        )
        return
    for row in round_["dissents"]:
        name = both(row["name"])
        yield Paragraph(Text(f"{name.ko} 위원: {row['text']}", f"{name.en}: {row['text']}"))
