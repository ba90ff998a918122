"""The sentence under a ranking.

The first place with its sum, the ties, the excluded and why. Decides nothing.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from workflows.text import Text
from workflows.words import josa, listing, score

if TYPE_CHECKING:
    from workflows.scoring import Cutoff, Excluded, Part, Ranked


def sentence(
    parts: Sequence["Part"],
    cutoff: "Cutoff | None",
    ranked: Sequence["Ranked"],
    excluded: Sequence["Excluded"],
    ties: Sequence[tuple[str, ...]],
) -> Text:
    """The ranking in words with its arithmetic, Korean and English."""
    every = len(ranked) + len(excluded)
    ko = [f"대상 {every:,}건 가운데 {len(ranked):,}건의 순위를 정하였습니다."]
    en = [f"{len(ranked):,} of {every:,} candidates ranked."]
    for text in (*_first(ranked, ties), *_ties(ranked, ties), *_excluded(parts, cutoff, excluded)):
        ko.append(text.ko)
        en.append(text.en)
    return Text(" ".join(ko), " ".join(en))


def _first(ranked: Sequence["Ranked"], ties: Sequence[tuple[str, ...]]) -> Iterator[Text]:
    shared = {id_ for tie in ties for id_ in tie}
    for first in ranked[:1]:
        if first.id not in shared:
            addends = [score(value) for value in first.parts.values()]
            added = f"{' + '.join(addends)} = " if len(addends) > 1 else ""
            ko, en = f"{added}{score(first.total)}점", f"{added}{score(first.total)}"
            yield Text(f"1위는 {first.id}({ko})입니다.", f"First is {first.id} ({en}).")


def _ties(ranked: Sequence["Ranked"], ties: Sequence[tuple[str, ...]]) -> Iterator[Text]:
    places = {entry.id: entry for entry in ranked}
    for tie in ties:
        names, place = listing(list(tie)), places[tie[0]]
        yield Text(
            f"{josa(names.ko, '은/는')} 모든 기준에서 같아 공동 {place.rank:,}위입니다.",
            f"{names.en} are equal on every key and share rank {place.rank:,}.",
        )


def _excluded(parts: Sequence["Part"], cutoff: "Cutoff | None", excluded: Sequence["Excluded"]) -> Iterator[Text]:
    few = [entry.id for entry in excluded if entry.reason == "too_few_ballots"]
    below = [entry.id for entry in excluded if entry.reason == "below_cutoff"]
    if few:
        names = listing(few)
        yield Text(f"평가표가 모자라 제외: {names.ko}.", f"Excluded for too few score sheets: {names.en}.")
    if below and cutoff is not None:
        highest = next(Fraction(part.max) for part in parts if part.key == cutoff.part)
        percent = Fraction(cutoff.percent)
        names, of, line = listing(below), score(highest), score(highest * percent / 100)
        yield Text(
            f"{cutoff.part} {of}점 만점의 {score(percent)}%인 {line}점 미만으로 제외: {names.ko}.",
            f"Excluded below {line}, which is {score(percent)}% of {of} for {cutoff.part}: {names.en}.",
        )
