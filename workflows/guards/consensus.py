"""Guards after the lock: corrected sheets, ranking anew, the consensus report, the panel's ranking of the round."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("my_sheets")
def own_sheet_counted(facts: Facts, actor: Actor) -> Reason | None:
    """A correction stands beside a sheet of the same person."""
    if facts["my_sheets"]:
        return None
    return because(
        "no_sheet",
        "정정할 본인의 평가표가 없습니다.",
        "There is no sheet of yours to correct.",
    )


@guard("corrections_open", needs=("correct_score", "excuse_evaluator"))
def corrections_wait(facts: Facts, actor: Actor) -> Reason | None:
    """Ranked anew only where something has changed since the last ranking."""
    if facts["corrections_open"]:
        return None
    return because(
        "nothing_changed",
        "마감 뒤에 정정된 평가표나 해촉된 위원이 없어 다시 집계할 것이 없습니다.",
        "No sheet was corrected and nobody excused since the ranking; there is nothing to rank anew.",
    )


@guard("my_rapporteur", needs=("name_rapporteur",))
def is_rapporteur(facts: Facts, actor: Actor) -> Reason | None:
    """The report is written by the evaluator named for it."""
    if facts["my_rapporteur"]:
        return None
    return because(
        "not_the_rapporteur",
        "책임위원으로 지정된 평가위원이 작성합니다.",
        "The evaluator named rapporteur writes it.",
    )


@guard("consensus", needs=("write_consensus",))
def report_waits(facts: Facts, actor: Actor) -> Reason | None:
    """There is a report by another, and this person has not answered it."""
    found = facts["consensus"]
    if found == "waits":
        return None
    if found == "mine":
        return because("own_report", "본인이 작성한 의견서입니다.", "It is your own report.")
    if found == "answered":
        return because("already_answered", "이미 의견을 밝히셨습니다.", "You have answered it already.")
    return because("no_report", "종합의견서가 아직 작성되지 않았습니다.", "No consensus report has been written yet.")


@guard("in_remarks_missing", on_input=True)
def every_criterion_remarked(facts: Facts, actor: Actor) -> Reason | None:
    """A remark stands for each criterion, and a text over all."""
    count = facts["in_remarks_missing"]
    if not count:
        return None
    return because(
        "remarks_missing",
        f"작성하지 않은 항목이 {count}개 있습니다.",
        f"{count} part{'s are' if count > 1 else ' is'} still empty.",
    )


@guard("in_answer", "in_reason", on_input=True)
def dissent_reasoned(facts: Facts, actor: Actor) -> Reason | None:
    """Agreed, or a dissent that says why."""
    if facts["in_answer"] == "agree" or (facts["in_answer"] == "dissent" and str(facts["in_reason"]).strip()):
        return None
    if facts["in_answer"] == "dissent":
        return because("no_dissent_words", "이견의 내용을 적어 주십시오.", "Say what you dissent from.")
    return because("no_answer", "동의 여부를 선택해 주십시오.", "Choose whether you agree.")
