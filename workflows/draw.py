"""A draw that anyone can draw again: a pool frozen first, a seed published later, sha256 for chance.

The algorithm, complete:

1. The pool is a list of (id, institution) in ascending order of id. Its fingerprint is the sha256, in hex, of the
   lines "id<TAB>institution" joined by a line feed, in UTF-8 without a final line feed, preceded by the line
   "seats<TAB>most per institution".
2. The seed is the text as published: Unicode NFC, outer white space removed, inner runs of white space one space.
3. Each person's ticket is the sha256, in hex, of "fingerprint<LF>seed<LF>id" in UTF-8.
4. In ascending order of tickets each person takes the next seat, unless his institution has its most already.
   An empty institution is never counted as equal to another. Who comes after the last seat is substitute 1, 2 …

As the pool is fixed before the seed exists, nobody can choose a pool for a result or a seed for a pool.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from workflows.bad_input import BadInput

ALGORITHM = "sha256-ticket-v1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One in the pool; `institution` is its key (workflows.panel.institution_key), empty for none."""

    id: int
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's ticket. `seat`: 1, 2 … where drawn; `substitute`: 1, 2 … of those after; neither where the
    institution had its most (`crowded`)."""

    id: int
    ticket: str
    place: int
    seat: int | None
    substitute: int | None
    crowded: bool


def pool_fingerprint(entries: Iterable[Entry], seats: int, most_per_institution: int) -> str:
    """The sha256 of the pool, as step 1 says. Raises BadInput for a person twice or a key with control characters."""
    rows = sorted(entries, key=lambda entry: entry.id)
    if len({entry.id for entry in rows}) < len(rows):
        raise BadInput("entries", "같은 사람이 두 번 나옵니다.", "holds a person twice")
    if any(not one.isprintable() for one in (entry.institution for entry in rows)):
        raise BadInput(
            "entries", "기관 이름을 쓸 수 없습니다.", "holds an institution that cannot be written in a line"
        )
    lines = [f"{seats}\t{most_per_institution}", *(f"{entry.id}\t{entry.institution}" for entry in rows)]
    return sha256("\n".join(lines).encode("utf-8")).hexdigest()


def canonical_seed(published: str) -> str:
    """The seed as step 2 says."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", published)).strip()


def draw(entries: Sequence[Entry], seats: int, most_per_institution: int, published: str) -> tuple[Ticket, ...]:
    """All tickets in their order, with who has a seat. Raises BadInput for no seats, no seed or a person twice."""
    if seats < 1:
        raise BadInput("seats", "추첨 인원은 1명 이상이어야 합니다.", "must be at least 1")
    if most_per_institution < 1:
        raise BadInput("most_per_institution", "기관별 한도는 1명 이상이어야 합니다.", "must be at least 1")
    seed = canonical_seed(published)
    if not seed:
        raise BadInput("seed", "추첨값이 비어 있습니다.", "is empty")
    fingerprint = pool_fingerprint(entries, seats, most_per_institution)
    tickets = sorted(
        (sha256(f"{fingerprint}\n{seed}\n{entry.id}".encode()).hexdigest(), entry.id, entry.institution)
        for entry in entries
    )
    out: list[Ticket] = []
    taken: Counter[str] = Counter()
    seat = substitute = 0
    for place, (ticket, person, institution) in enumerate(tickets, start=1):
        crowded = bool(institution) and taken[institution] >= most_per_institution and seat < seats
        if crowded:
            out.append(Ticket(person, ticket, place, None, None, True))
        elif seat < seats:
            seat += 1
            taken[institution] += 1
            out.append(Ticket(person, ticket, place, seat, None, False))
        else:
            substitute += 1
            out.append(Ticket(person, ticket, place, None, substitute, False))
    return tuple(out)
