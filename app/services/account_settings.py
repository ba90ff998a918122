"""One's own name and the language of one's mails."""

import sqlalchemy as sa

from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import User
from workflows.text import Text

NAMELESS = Text("한국어나 영어 이름 가운데 하나는 적어 주십시오.", "Give your name in Korean or in English.")


def change_settings(who: Viewer, name_ko: str, name_en: str, locale: str) -> None:
    """Store them.

    Raises:
        Invalid: there is no name in either language.
    """
    if not (name_ko.strip() or name_en.strip()):
        raise Invalid("name_ko", NAMELESS)
    with unit_of_work():
        values = {"name_ko": name_ko.strip(), "name_en": name_en.strip(), "locale": locale}
        db.session.execute(sa.update(User).where(User.id == who.id).values(**values))
