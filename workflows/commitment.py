"""The commitment to a vote: a hash that fixes how somebody voted and tells it to nobody.

sha256 over the canonical JSON (sorted keys, no spaces, UTF-8) of item, round, voter, choice and salt. The salt has
128 random bits or more, because a vote has only three values and could be tried out. The voter is bound in, so that
nobody can hand in a copy of another's; in a secret ballot `voter` is null.
"""

from hashlib import sha256
from json import dumps

from workflows.bad_input import BadInput

CHOICES = ("yes", "no", "abstain")
SALT_HEX = 32
"""Characters of hexadecimal that 128 bits take."""


def commitment(item: int, round_: int, voter: int | None, choice: str, salt: str) -> str:
    """The hash in hex. BadInput for a choice that is none, or a salt that could be guessed."""
    if choice not in CHOICES:
        raise BadInput("choice", "찬성·반대·기권 가운데 하나여야 합니다.", "must be yes, no or abstain")
    if len(salt) < SALT_HEX or not set(salt) <= set("0123456789abcdef"):
        raise BadInput("salt", "16진수 32자 이상이어야 합니다.", "must be 32 or more hexadecimal digits")
    content = {"choice": choice, "item": item, "round": round_, "salt": salt, "voter": voter}
    return sha256(dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def short_code(committed: str) -> str:
    """The first twelve digits in groups of four: enough to find one's own among those of a sitting by eye."""
    return "-".join(committed[place : place + 4] for place in (0, 4, 8))
