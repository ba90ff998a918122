"""Bring the parts together: list every file with its hash, sign the list, lay it out as one file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.dossier.parts import files_of, written
from app.dossier.ziplayout import Entry, entry, layout, length
from app.extensions import db
from app.models import Case
from app.signing import Signer
from workflows import schema

FORMAT = "kcity-dossier/1"
MANIFEST, SIGNATURE = "manifest.json", "signature.json"


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier ready to be written: the name to give it, how many bytes, and what signed it."""

    name: str
    size: int
    files: int
    key_id: str
    entries: tuple[Entry, ...]

    def pieces(self) -> Iterator[bytes]:
        """The file, bit by bit."""
        return layout(self.entries)


def bundle(case: Case, signer: Signer, made_at: datetime, with_documents: bool = False) -> Dossier:
    """The dossier of `case` as the record stands in one snapshot; the same record gives the same bytes.

    Raises ziplayout.TooBig; files.NotStored for a document that is not in the store.
    """
    number, programme = case.number, schema.load(case.definition_id, case.definition_version).programme
    case_id = case.id
    db.session.rollback()
    postgres = db.engine.dialect.name == "postgresql"
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"} if postgres else {})
    try:
        files = [entry(name, source) for name, source in files_of(db.session.get_one(Case, case_id), with_documents)]
    finally:
        db.session.rollback()
    manifest = entry(
        MANIFEST,
        written(
            {
                "format": FORMAT,
                "programme": programme,
                "case": number,
                "made_at": made_at,
                "key": signer.key_id,
                "documents": with_documents,
                "files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in files],
            }
        ),
    )
    assert isinstance(manifest.source, bytes)
    signature = {
        "algorithm": "Ed25519",
        "key": signer.key_id,
        "public_key": signer.public_key,
        "signature": signer.sign(manifest.source),
    }
    entries = (manifest, *files, entry(SIGNATURE, written(signature)))
    return Dossier(f"{number}-dossier.zip", length(entries), len(entries), signer.key_id, entries)
