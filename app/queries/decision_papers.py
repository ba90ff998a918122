"""The decision paper of a case and of a round: what a committee needs on one page, from what is frozen. Never writes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app import clock
from app.documents.paper_model import Block, Column, Facts, Heading, Paper, Paragraph, Table
from app.extensions import db
from app.models import Case, Cycle, Organisation, Placing, Ranking
from app.queries import consensus, evaluation, rounds
from app.queries.proposal import ranking_of, rankings_of
from workflows import schema, words
from workflows.text import Text

STAGES = {
    "evaluation": Text("평가", "Evaluation"),
    "written": Text("서면평가", "Written evaluation"),
    "presentation": Text("발표평가", "Presentation"),
    "bonus": Text("가점", "Bonus"),
}
EXCLUDED = {
    "below_cutoff": Text("과락", "Below the cut-off"),
    "too_few_ballots": Text("집계할 평가표 부족", "Too few sheets"),
}
SHORT = 600
"""One page: a longer text is cut, and says so; the whole stands in the consensus report."""


def stage_name(key: str) -> Text:
    """A part of the score in words."""
    return STAGES.get(key, Text(key, key))


def figure(text: str | Fraction) -> Decimal:
    """A score as a number with at most four places."""
    return Decimal(words.score(Fraction(text)))


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT].rstrip()} […]"


def case_paper(case: Case) -> Paper | None:
    """The paper of a case whose evaluation is closed; None before. Names no evaluator."""
    ranking = ranking_of(case)
    if ranking is None:
        return None
    blocks: list[Block] = [
        _facts(case, ranking),
        Heading(Text("평가 결과", "Result of the evaluation")),
        Paragraph(_sentence(case, ranking), "decision"),
        _parts(ranking),
        _criteria(case),
        *_consensus(case),
        *_history(case),
    ]
    return Paper(
        title=Text("심의자료", "Decision paper"),
        number=case.number,
        dated=clock.day_of(ranking.closed_at),
        blocks=tuple(blocks),
    )


def _title(case: Case) -> Text:
    return Text(case.title_ko or case.title_en, case.title_en or case.title_ko)


def _facts(case: Case, ranking: Ranking) -> Facts:
    applicant = db.session.get(Organisation, case.organisation_id) if case.organisation_id else None
    cycle = db.session.get_one(Cycle, case.cycle_id)
    round_ = evaluation.round_of(case)
    label = schema.load(case.definition_id, case.definition_version).label
    version = Text(f"제{round_.version_number}판", f"Version {round_.version_number}")
    who = Text(applicant.name_ko or applicant.name_en, applicant.name_en or applicant.name_ko) if applicant else None
    return Facts(
        (
            (Text("사업명", "Project"), _title(case)),
            (Text("신청기관", "Applicant"), who),
            (Text("지역", "Place"), " · ".join(part for part in (case.city, case.country) if part) or None),
            (Text("유형", "Type"), label.text),
            (Text("회차", "Cycle"), Text(f"{cycle.fiscal_year}년", str(cycle.fiscal_year))),
            (Text("신청액", "Requested"), words.money(case.requested_krw) if case.requested_krw else None),
            (Text("평가 대상", "Judged"), version),
            (Text("집계일", "Ranked on"), clock.day_of(ranking.closed_at)),
        )
    )


def _sentence(case: Case, ranking: Ranking) -> Text:
    total = words.score(Fraction(ranking.total))
    placing = rounds.placing_of(case)
    passed = (
        Text("과락 기준 미달", "below the cut-off")
        if ranking.below_cutoff
        else Text("과락 기준 통과", "past the cut-off")
    )
    said = Text(f"총점 {total}점, {passed.ko}", f"Total {total}, {passed.en}")
    if placing is None:
        return Text(f"{said.ko}. 회차 순위는 아직 확정되지 않았습니다.", f"{said.en}. The round is not ranked yet.")
    if placing.rank is None:
        return Text(f"{said.ko}. 회차 순위에서 제외되었습니다.", f"{said.en}. Excluded from the ranking of the round.")
    equal = [entry for entry in placing.entries if entry["rank"] == placing.rank]
    tie = Text("(동점)", " (tied)") if len(equal) > 1 else Text("", "")
    return Text(
        f"{said.ko}. 회차 {len(placing.entries)}건 가운데 {placing.rank}위입니다{tie.ko}.",
        f"{said.en}. Place {placing.rank} of {len(placing.entries)} in the round{tie.en}.",
    )


def _parts(ranking: Ranking) -> Table:
    maximum = {part["key"]: part["max"] for part in ranking.rule["parts"]}
    counted = {
        key: sum(line["stage"] == key and line["total"] is not None for line in ranking.sheets) for key in maximum
    }
    return Table(
        Text("단계별 점수", "Scores by stage"),
        (
            Column(Text("단계", "Stage"), 3),
            Column(Text("점수", "Score"), 2, True),
            Column(Text("만점", "Maximum"), 2, True),
            Column(Text("집계한 평가표", "Sheets counted"), 2, True),
        ),
        tuple(
            (stage_name(key), figure(value), int(maximum[key]), counted[key] or None)
            for key, value in ranking.result["exact"].items()
        ),
    )


def _criteria(case: Case) -> Table:
    report = next(iter(consensus.reports_of(case)), None)
    rows = []
    for result in evaluation.results_of(case):
        remark = report.row.remarks.get(result.key, "") if report else ""
        rows.append((result.name, figure(result.mean), result.max, _short(remark or " / ".join(result.reasons))))
    return Table(
        Text("항목별 평균과 의견", "Means and remarks by criterion"),
        (
            Column(Text("평가항목", "Criterion"), 2),
            Column(Text("평균", "Mean"), 1, True),
            Column(Text("배점", "Maximum"), 1, True),
            Column(Text("합의 의견(없으면 위원 사유)", "Agreed remark, or the reasons given"), 5),
        ),
        tuple(rows),
    )


def _consensus(case: Case) -> list[Block]:
    report = next(iter(consensus.reports_of(case)), None)
    if report is None:
        return [Paragraph(Text("종합의견서는 작성되지 않았습니다.", "No consensus report was written."), "quiet")]
    agreed = sum(said.answer == "agree" for said in report.answers)
    dissents = [said.words for said in report.answers if said.answer == "dissent"]
    out: list[Block] = [
        Heading(Text("종합의견", "The panel as a whole")),
        Paragraph(_short(report.row.text)),
        Paragraph(
            Text(f"동의 {agreed}명, 이견 {len(dissents)}명", f"{agreed} agreed, {len(dissents)} dissented"), "quiet"
        ),
    ]
    out += [Paragraph(Text(f"이견: {_short(one)}", f"Dissent: {_short(one)}"), "quiet") for one in dissents]
    return out


def _history(case: Case) -> list[Block]:
    """Said only where the case was ranked more than once: nothing is corrected silently."""
    found = rankings_of(case)
    if len(found) < 2:
        return []
    return [
        Table(
            Text("집계 이력", "Rankings on record"),
            (
                Column(Text("집계일", "Ranked on"), 2),
                Column(Text("총점", "Total"), 1, True),
                Column(Text("사유", "Reason"), 4),
            ),
            tuple(
                (
                    clock.day_of(one.closed_at),
                    figure(one.total),
                    one.reason or Text("평가 마감", "Close of the evaluation"),
                )
                for one in found
            ),
        )
    ]


def round_paper(cycle: Cycle) -> Paper | None:
    """The paper of a round: the frozen ranking, or how it stands where none is frozen. None without a closed case."""
    page = rounds.ranking_of_round(cycle)
    if page.found is None:
        return None
    placing = next(iter(rounds.placings_of(cycle)), None)
    label = schema.newest(cycle.definition_id).label.text
    blocks: list[Block] = [Paragraph(_state_of(placing), "strong")]
    said = placing.words if placing else {"ko": page.found.words.ko, "en": page.found.words.en}
    blocks.append(Paragraph(Text(said["ko"], said["en"]), "decision"))
    if placing is not None and placing.reason:
        blocks.append(Paragraph(Text(f"다시 확정한 사유: {placing.reason}", f"Frozen anew because: {placing.reason}")))
    blocks.append(_ranking(page, placing))
    if page.open_cases:
        count = len(page.open_cases)
        blocks.append(
            Paragraph(
                Text(f"평가 중인 사건 {count}건은 들어 있지 않습니다.", f"{count} still under evaluation: not listed."),
                "quiet",
            )
        )
    days = [clock.day_of(ranking.closed_at) for ranking in page.rankings.values()]
    return Paper(
        title=Text(f"{cycle.fiscal_year}년 {label.ko} 심의자료", f"Decision paper, {label.en} {cycle.fiscal_year}"),
        number=f"{cycle.definition_id}-{cycle.fiscal_year}",
        dated=clock.day_of(placing.frozen_at) if placing else max(days, default=date(cycle.fiscal_year, 1, 1)),
        blocks=tuple(blocks),
    )


def _state_of(placing: Placing | None) -> Text:
    if placing is None:
        return Text("확정 전 순위", "Not frozen yet")
    day = words.day(clock.day_of(placing.frozen_at))
    return Text(f"제{placing.number}차 확정 ({day.ko})", f"Freezing no. {placing.number} ({day.en})")


def _ranking(page: rounds.RoundPage, placing: Placing | None) -> Table:
    parts = [part["key"] for part in page.rule["parts"]]
    parts = parts if len(parts) > 1 else []  # a single part is the total
    rows = []
    for entry in placing.entries if placing else _as_it_stands(page):
        case = page.cases.get(entry["number"])
        state: Text | None = EXCLUDED.get(entry["excluded"] or "")
        rows.append(
            (
                entry["rank"] if entry["rank"] else state,
                entry["number"],
                _title(case) if case else None,
                *(figure(entry["parts"][key]) if key in entry["parts"] else None for key in parts),
                figure(entry["total"]),
                words.money(case.requested_krw) if case and case.requested_krw else None,
            )
        )
    return Table(
        Text("순위", "Ranking"),
        (
            Column(Text("순위", "Rank"), 2, True),
            Column(Text("접수번호", "Case number"), 4),
            Column(Text("사업명", "Project"), 6),
            *(Column(stage_name(key), 2, True) for key in parts),
            Column(Text("총점", "Total"), 2, True),
            Column(Text("신청액", "Requested"), 4),
        ),
        tuple(rows),
    )


def _as_it_stands(page: rounds.RoundPage) -> list[Mapping[str, Any]]:
    assert page.found is not None
    placed: list[Mapping[str, Any]] = [
        {
            "number": one.id,
            "rank": one.rank,
            "excluded": None,
            "total": words.four_places(one.total),
            "parts": {key: words.four_places(value) for key, value in one.parts.items()},
        }
        for one in page.found.ranked
    ]
    out: list[Mapping[str, Any]] = [
        {"number": one.id, "rank": None, "excluded": one.reason, "total": page.rankings[one.id].total, "parts": {}}
        for one in page.found.excluded
    ]
    return [*placed, *out]
