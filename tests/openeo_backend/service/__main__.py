"""The server: ``python -m tests.openeo_backend.service OPTIONS`` with options as JSON.

Prints its address when it is ready, and ends when its standard input does.
"""

import json
import logging
import os
import socket
import sys
import tempfile
import threading
from pathlib import Path

USER, PASSWORD = "ada", "synthetic-ada-pw"
CONFIG = """
import json, os
from openeo_driver.config import OpenEoBackendConfig
from openeo_driver.urlsigning import UrlSigner
from openeo_driver.users.oidc import OidcProvider

_given = json.loads(os.environ["SYNTHETIC_OPENEO"])
_grants = ["urn:ietf:params:oauth:grant-type:device_code+pkce", "refresh_token"]
_client = {"id": _given["client"], "grant_types": _grants, "redirect_urls": []}
_provider = lambda issuer: OidcProvider(
    id="CDSE", issuer=issuer, title="synthetic CDSE", scopes=["openid"], default_clients=[_client]
)
config = OpenEoBackendConfig(
    id="synthetic",
    capabilities_title="Synthetic openEO backend",
    enable_basic_auth=True,
    valid_basic_auth=lambda user, password: [user, password] == _given["login"],
    oidc_providers=[_provider(_given["issuer"])] if _given["issuer"] else [],
    url_signer=UrlSigner(secret="synthetic-secret", expiration=_given["link_seconds"]),
)
"""


def main():
    """Serve until standard input ends."""
    options = {"archive": "sandbox", "issuer": "", "client": "cdse-public", "login": [USER, PASSWORD]}
    options |= {"link_seconds": 3600, "port": 0, "settings": {}} | json.loads(sys.argv[1])
    folder = Path(options.get("jobs") or tempfile.mkdtemp(prefix="synthetic-openeo-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SYNTHETIC_OPENEO"] = json.dumps(options)
    config = Path(tempfile.mkdtemp(prefix="synthetic-openeo-")) / "config.py"
    config.write_text(CONFIG)
    os.environ["OPENEO_BACKEND_CONFIG"] = str(config)
    logging.basicConfig(level="WARNING")
    server = _server(options, folder)
    threading.Thread(target=_end_with_input, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/openeo/1.2\n")
    sys.stdout.flush()
    server.serve_forever()


def _server(options, folder):
    from tests.openeo_backend.service.app import application
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        """Says nothing; requests are kept in a list."""

        protocol_version = "HTTP/1.1"

        def log(self, *args, **kwargs):
            pass

    app = application(archive=options["archive"], jobs=folder, settings=options["settings"])
    server = make_server("127.0.0.1", options["port"], app, threaded=True, request_handler=Handler)
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


def _end_with_input():
    """End at once: jobs are written down whole at any time."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
