"""The sentence under an allocation.

Envelope, awards, what is left and why the others got nothing. Decides nothing.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workflows.text import Text
from workflows.words import count_of, josa, listing, money

if TYPE_CHECKING:
    from workflows.funding import Award, Refusal, Refused

REASONS: "dict[Refusal, Text]" = {
    "over_cap": Text("과제당 상한 초과", "over the cap"),
    "over_count": Text("선정 건수 초과", "no award left"),
    "over_envelope": Text("남은 예산 초과", "more than what was left"),
    "tie_undeclared": Text("동점이나 우선순위 기준 없음", "equal with no declared tie-break"),
    "below_cut": Text("선정 마감 이후 순위", "below the cut"),
}


def sentence(envelope: int, funded: Sequence["Award"], refused: Sequence["Refused"], left: int) -> Text:
    """The allocation in words with its arithmetic, Korean and English."""
    whole, spent, rest = money(envelope), money(envelope - left), money(left)
    if not funded:
        ko, en = f"예산 {whole.ko}에서 배정한 과제가 없습니다.", f"Nothing was funded from {whole.en}."
    else:
        ko = (
            f"예산 {whole.ko} 가운데 {len(funded):,}건에 {josa(spent.ko, '을/를')} 배정하여"
            f"({_each(funded).ko}) {josa(rest.ko, '이/가')} 남습니다."
        )
        awards = count_of(len(funded), "건", "award")
        en = f"{spent.en} of {whole.en} goes to {awards.en} ({_each(funded).en}), leaving {rest.en}."
    for reason, label in REASONS.items():
        ids = [entry.id for entry in refused if entry.reason == reason]
        if ids:
            names = listing(ids)
            ko += f" {label.ko} {len(ids):,}건: {names.ko}."
            en += f" {len(ids):,} {label.en}: {names.en}."
    return Text(ko, en)


def _each(funded: Sequence["Award"]) -> Text:
    amounts = [(award.id, money(award.amount_krw)) for award in funded]
    return Text(
        listing([f"{id_} {amount.ko}" for id_, amount in amounts]).ko,
        listing([f"{id_} {amount.en}" for id_, amount in amounts]).en,
    )
