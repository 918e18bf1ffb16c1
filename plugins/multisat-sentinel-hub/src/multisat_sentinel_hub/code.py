"""Requests as text that runs without multisat; logins are named, never written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from multisat.errors import UsageError
from multisat_sentinel_hub.bodies import PATH, TAR, TIFF
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.pieces import Piece

_LOGIN = """\
TOKEN=$(curl --silent --show-error --fail '{token_url}' \\
  --data grant_type=client_credentials --data-urlencode "client_id=$SH_CLIENT_ID" \\
  --data-urlencode "client_secret=$SH_CLIENT_SECRET" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
"""
_POST = """\
curl --silent --show-error --fail-with-body '{url}' --output '{file}' \\
  --header "Authorization: Bearer $TOKEN" --header 'Content-Type: application/json' \\
  --header 'Accept: {accept}' --data-binary @- <<'REQUEST'
{body}
REQUEST
"""
_PYTHON = '''\
"""Requests of the Process API, sent by the sentinelhub package (3.11 or newer)."""

import json
import os
from pathlib import Path

from sentinelhub import DownloadRequest, MimeType, SentinelHubDownloadClient, SHConfig
from sentinelhub.constants import RequestType

config = SHConfig(
    use_defaults=True,
    sh_client_id=os.environ["SH_CLIENT_ID"],
    sh_client_secret=os.environ["SH_CLIENT_SECRET"],
    sh_base_url={place!r},
    sh_token_url={token_url!r},
)
client = SentinelHubDownloadClient(config=config)
for number, (accept, body) in enumerate(json.loads({requests!r}), 1):
    kind = MimeType.TAR if accept == {tar!r} else MimeType.TIFF
    asked = DownloadRequest(
        url={url!r},
        post_values=body,
        request_type=RequestType.POST,
        headers={{"Accept": accept, "Content-Type": "application/json"}},
        data_type=kind,
        use_session=True,
        return_data=True,
    )
    (answer,) = client.download([asked], decode_data=False)
    Path(f"answer-{{number}}.{{kind.extension}}").write_bytes(answer.content)
'''


def written(pieces: Sequence[Piece], place: Deployment, dialect: str) -> str:
    """Return requests as text.

    Args:
        pieces: The requests.
        place: Whom they are for.
        dialect: ``"evalscript"`` (the scripts alone), ``"curl"`` or ``"python"``.

    Raises:
        UsageError: The dialect is unknown.
    """
    if dialect not in _WRITERS:
        raise UsageError(
            f"no request is written as {dialect!r}", provider=NAME, hint=f"use {', '.join(_WRITERS)}"
        )
    return _WRITERS[dialect](pieces, place)


def _scripts(pieces: Sequence[Piece], _: Deployment) -> str:
    return "\n".join(dict.fromkeys(str(piece.body["evalscript"]) for piece in pieces))


def _curl(pieces: Sequence[Piece], place: Deployment) -> str:
    posts = [
        _POST.format(
            url=place.url + PATH,
            file=f"answer-{number}.{'tar' if _accept(piece) == TAR else 'tif'}",
            accept=_accept(piece),
            body=json.dumps(piece.body, indent=2),
        )
        for number, piece in enumerate(pieces, 1)
    ]
    return "\n".join(["#!/bin/sh", _LOGIN.format(token_url=place.token_url), *posts])


def _python(pieces: Sequence[Piece], place: Deployment) -> str:
    return _PYTHON.format(
        place=place.url,
        token_url=place.token_url,
        url=place.url + PATH,
        tar=TAR,
        requests=json.dumps([[_accept(piece), piece.body] for piece in pieces]),
    )


def _accept(piece: Piece) -> str:
    return TAR if len(piece.outputs) > 1 else TIFF


_WRITERS: Mapping[str, Callable[[Sequence[Piece], Deployment], str]] = {
    "evalscript": _scripts,
    "curl": _curl,
    "python": _python,
}
