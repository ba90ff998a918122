"""A paper of the house as PDF/UA-1."""

from app.documents.paper import Lang, render
from app.documents.paper_model import Paper, plain
from workflows.text import Text


def paper_pdf(paper: Paper, lang: Lang) -> bytes:
    """The paper as PDF/UA-1, the same bytes for the same data. Raises paper.NotPrintable."""
    title = Text(f"{paper.title.ko} ({paper.number})", f"{paper.title.en} ({paper.number})")
    return render("paper.typ", plain(paper, lang), {"heading": paper.title}, title=title, dated=paper.dated, lang=lang)
