"""What each archive takes for a login, and where its users already have one.

Checked against the tools' own sources and documentation, 2025-07.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from multisat.auth.credential import Kind


@dataclass(frozen=True, kw_only=True)
class Want:
    """What one archive takes for a login.

    Attributes:
        provider: Provider it is for.
        variables: Kind to the names of its variables, one for each part; the first complete one counts.
        files: Files to look into, by the names ``multisat.auth.files`` has for them.
        shared: Provider whose settings and given logins hold here, too.
    """

    provider: str
    variables: tuple[tuple[Kind, tuple[str, ...]], ...]
    files: tuple[str, ...] = ()
    shared: str = ""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds it takes, each once."""
        return tuple(dict.fromkeys(kind for kind, _ in self.variables))


EARTHDATA = Want(
    provider="nasa-cmr",
    variables=(
        ("token", ("EARTHDATA_TOKEN",)),
        ("token", ("EDL_TOKEN",)),
        ("password", ("EARTHDATA_USERNAME", "EARTHDATA_PASSWORD")),
    ),
    files=("netrc",),
)
PLANETARY_COMPUTER = Want(
    provider="planetary-computer",
    variables=(("key", ("PC_SDK_SUBSCRIPTION_KEY",)),),
    files=("planetary computer settings",),
)
SENTINEL_HUB = Want(
    provider="sentinel-hub",
    variables=(("client", ("SH_CLIENT_ID", "SH_CLIENT_SECRET")),),
    files=("sentinelhub profile",),
    shared="cdse",
)
OPENEO = Want(
    provider="openeo",
    variables=(("client", ("OPENEO_AUTH_CLIENT_ID", "OPENEO_AUTH_CLIENT_SECRET")),),
    files=("openeo client", "openeo refresh token", "sentinelhub profile"),
    shared="cdse",
)
AWS = Want(
    provider="earth-search",
    variables=(("s3", ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")),),
    files=("aws credentials",),
)
CDSE_S3 = Want(
    provider="cdse-s3",
    variables=(("s3", ("CDSE_S3_ACCESS_KEY_ID", "CDSE_S3_SECRET_ACCESS_KEY")),),
    files=("s3cfg",),
)

WANTS: Mapping[str, Want] = {
    want.provider: want for want in (EARTHDATA, PLANETARY_COMPUTER, SENTINEL_HUB, OPENEO, AWS, CDSE_S3)
}

CDSE_TOKEN_URL = "https://identity.dataspace.copernicus.eu/auth/realms/CDSE/protocol/openid-connect/token"  # noqa: S105
CDSE_DEVICE_URL = (
    "https://identity.dataspace.copernicus.eu/auth/realms/CDSE/protocol/openid-connect/auth/device"
)
CDSE_DEVICE_CLIENT = "sh-b1c3a958-52d4-40fe-a333-153595d1c71e"
"""The public client openEO names for logins on another device (its /credentials/oidc, 2025-07)."""
CDSE_PROVIDER = "CDSE"
"""What the openEO service calls its login service (the same)."""
CDSE_SENTINEL_HUB = "https://sh.dataspace.copernicus.eu"
CDSE_OPENEO = "https://openeo.dataspace.copernicus.eu"
CDSE_S3_HOST = "eodata.dataspace.copernicus.eu"
