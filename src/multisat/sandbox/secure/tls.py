"""A certificate for loopback, made on the spot and kept in a private folder."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path


class Certificate:
    """A self-signed certificate that lasts two days.

    Attributes:
        file: The certificate, for clients that are to trust it.
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
        self.file, key = self._folder / "certificate.pem", self._folder / "key.pem"
        _make(command, self.file, key, ",".join(f"IP:{name}" for name in sorted(set(names))))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file, key)

    def remove(self) -> None:
        """Delete it."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _make(command: str, certificate: Path, key: Path, names: str) -> None:
    options = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-subj", "/CN=synthetic multisat sandbox", "-addext", f"subjectAltName={names}"]
    usage = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    files = ["-days", "2", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([command, *options, *subject, *usage, *files], check=True, capture_output=True)  # noqa: S603
