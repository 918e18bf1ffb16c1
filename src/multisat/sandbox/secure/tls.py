"""A certificate for loopback, made on the spot and kept in a private folder."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path


class Certificate:
    """A certificate that lasts two days, and the authority that signed it, whose key is forgotten.

    Attributes:
        file: The authority, for clients that are to trust it.
        context: What servers use.

    Args:
        names: Loopback addresses it is for.

    Raises:
        RuntimeError: There is no ``openssl`` command on this machine.
    """

    def __init__(self, names: Iterable[str]) -> None:
        command = shutil.which("openssl")
        if command is None:
            raise RuntimeError("https in the sandbox needs the openssl command; leave out tls=True")
        self._folder = Path(tempfile.mkdtemp(prefix="multisat-sandbox-"))
        self.file = self._folder / "authority.pem"
        _make(command, self._folder, ",".join(f"IP:{name}" for name in sorted(set(names))))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")

    def remove(self) -> None:
        """Delete it."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _make(command: str, folder: Path, names: str) -> None:
    """Make an authority, and a server's certificate signed by it; some clients take no other."""
    (folder / "server.txt").write_text(
        f"subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
    )
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    ca = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]
    name = "/CN=synthetic multisat sandbox"
    for step in (
        ["req", "-x509", *new, "-days", "2", *ca, "-subj", f"{name} authority", "-keyout", "authority.key",
         "-out", "authority.pem"],
        ["req", "-new", *new, "-subj", name, "-keyout", "server.key", "-out", "server.csr"],
        ["x509", "-req", "-days", "2", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key",
         "-CAcreateserial", "-extfile", "server.txt", "-out", "server.pem"],
    ):  # fmt: skip
        subprocess.run([command, *step], cwd=folder, check=True, capture_output=True)  # noqa: S603
    (folder / "authority.key").unlink()
