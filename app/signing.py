"""Ed25519 keys of this installation (RFC 8032): private halves as files of their own, outside the database.

A file `keys/dossier-<key id>.key` under the data folder holds one private key as PEM (PKCS #8), readable by the
service's account only. Who can read it can sign in this installation's name; nothing here can notice that.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

KEY_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that may be signed with. `public_key`: 32 bytes in hex."""

    key_id: str
    public_key: str
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> str:
        """The signature over `message`: 64 bytes in hex, always the same for the same message."""
        return self.private.sign(message).hex()


def key_id_of(public_key: bytes) -> str:
    """The first 16 hex digits of the sha256 of a public key."""
    return sha256(public_key).hexdigest()[:KEY_ID_LENGTH]


def make(folder: Path) -> Signer:
    """A new key, its private half on disk before anybody hears of it."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signer = Signer(key_id_of(public), public.hex(), private)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_path(folder, signer.key_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        out.flush()
        os.fsync(out.fileno())
    return signer


def load(folder: Path, key_id: str) -> Signer | None:
    """The key with this id, None where its private half is not here.

    Raises:
        ValueError: the file holds something else than that key.
    """
    path = _path(folder, key_id)
    if not path.is_file():
        return None
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"{path.name} holds no Ed25519 key")
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if key_id_of(public) != key_id:
        raise ValueError(f"{path.name} holds another key")
    return Signer(key_id, public.hex(), private)


def signed_by(public_key: str, signature: str, message: bytes) -> bool:
    """Whether `signature` (hex) over `message` is of the key `public_key` (hex)."""
    from cryptography.exceptions import InvalidSignature

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _path(folder: Path, key_id: str) -> Path:
    return folder / f"dossier-{key_id}.key"
