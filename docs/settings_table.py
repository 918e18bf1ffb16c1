"""What can be set, as the reference shows it; a test holds the rows against what the code reads."""

from __future__ import annotations

OWN = (
    (
        "MULTISAT_CONFIG",
        "the configuration file; else `multisat/config.toml` in `XDG_CONFIG_HOME` or `~/.config`",
    ),
    (
        "MULTISAT_PROVIDERS",
        "asked when none is named, joined by commas, best first; else `default_providers` of the file",
    ),
    (
        "MULTISAT_CACHE",
        "folder of what may be fetched again, or `off`; else `multisat` in `XDG_CACHE_HOME` or `~/.cache`",
    ),
    (
        "MULTISAT_STATE",
        "folder that remembers jobs at services; else `multisat` in `XDG_STATE_HOME` or `~/.local/state`",
    ),
    ("MULTISAT_LOCAL", "folders of the provider `local`, separated as in `PATH`; else its key `folders`"),
    ("MULTISAT_OPENEO_REFRESH_TOKEN", "refresh token for openEO, with `MULTISAT_OPENEO_CLIENT_ID`"),
    ("MULTISAT_DISABLE_PLUGINS", "plugins or distributions to leave out, joined by commas"),
    ("MULTISAT_STRICT_PLUGINS", "`1` makes a broken plugin an error"),
)
"""Variables of multisat itself, and what they mean."""

SETTINGS = (
    ("NAME", "url", "root of the provider's API"),
    ("NAME", "store", "`keyring` looks for the login in the system keyring, too"),
    ("local", "folders", "folders and files of scenes of your own, separated as in `PATH`"),
    ("earth-search", "requester_pays", "`yes` allows buckets whose reader pays; a warning says so first"),
    ("planetary-computer", "sas_url", "signing service; else `PC_SDK_SAS_URL`"),
    ("planetary-computer", "blob_url", "host of files to sign, where it is not Azure's"),
    ("planetary-computer", "probe", "account and container that `multisat doctor` tries a signature for"),
    ("nasa-cmr", "login_url", "Earthdata Login; the one address that is told a password"),
    ("nasa-cmr", "data_url", "the host whose files the login opens, instead of NASA's"),
    (
        "nasa-cmr",
        "direct_s3",
        "`yes` reads from NASA's buckets with keys of an hour; works inside us-west-2 only",
    ),
    ("cdse", "token_url", "where Copernicus gives out tokens; for openEO and Sentinel Hub"),
    ("cdse", "data_url", "the host that takes these tokens, instead of those of openEO and Sentinel Hub"),
    ("cdse", "device_client", "public client for `multisat login openeo --device`"),
    ("cdse", "device_url", "where a login on another device begins"),
    ("openeo", "catalogue", "STAC catalogue that lists the scenes of the back-end"),
    ("openeo", "dates", "days of scenes, where a back-end has no catalogue and lists none"),
    ("openeo", "token_url", "where the back-end's tokens are given out"),
    ("sentinel-hub", "deployment", "one of the known deployments by name; `cdse` if not set"),
    ("sentinel-hub", "token_url", "where a deployment of your own takes logins"),
    ("sentinel-hub", "bucket", "`s3://NAME/FOLDER`: a bucket of yours into which batch jobs deliver"),
    ("sentinel-hub", "bucket_region", "region of that bucket; `eu-central-1` if not set"),
    ("sentinel-hub", "bucket_url", "S3 endpoint of that bucket; Amazon's of the region if not set"),
)
"""Provider, key, and what it means; ``NAME`` is any provider."""

FOREIGN = (
    ("NETRC", "the netrc file; else `~/.netrc`, then `~/_netrc`"),
    ("AWS_SHARED_CREDENTIALS_FILE", "the file of AWS keys; else `~/.aws/credentials`"),
    ("AWS_PROFILE", "section of that file; `default` if not set"),
    ("SH_PROFILE", "profile of the sentinelhub package; else `default-profile`, then `cdse`"),
    (
        "SH_BUCKET_ACCESS_KEY_ID",
        "keys of the bucket into which batch jobs of Sentinel Hub deliver, with the next",
    ),
    ("SH_BUCKET_SECRET_ACCESS_KEY", "see the one before"),
    ("OPENEO_AUTH_TOKEN", "access token of an openEO back-end of your own, for as long as it holds"),
    ("OPENEO_USERNAME", "user name at an openEO back-end of your own, with `OPENEO_PASSWORD`"),
    ("OPENEO_PASSWORD", "see the one before"),
    ("OPENEO_CONFIG_HOME", "folder of the openEO client's own files"),
    ("PC_SDK_SAS_URL", "signing service of Planetary Computer, as its own package reads it"),
    ("REQUESTS_CA_BUNDLE", "certificates to trust over https; else `CURL_CA_BUNDLE`"),
    ("CURL_CA_BUNDLE", "see the one before"),
    ("HTTPS_PROXY", "proxy for https, also `HTTP_PROXY`, `NO_PROXY` and the system's own settings"),
    ("XDG_CONFIG_HOME", "folder of configuration files; `~/.config` if not set"),
    ("XDG_CACHE_HOME", "folder of caches; `~/.cache` if not set"),
    ("XDG_STATE_HOME", "folder of what programs remember; `~/.local/state` if not set"),
)
"""Variables of other tools that are read, too."""

LOGIN_FILES = {
    "netrc": "`~/.netrc`",
    "planetary computer settings": "`~/.planetarycomputer/settings.env`",
    "sentinelhub profile": "`~/.config/sentinelhub/config.toml`",
    "openeo client": "`auth-config.json` of the openEO client",
    "openeo refresh token": "`refresh-tokens.json` of the openEO client",
    "aws credentials": "`~/.aws/credentials`",
    "s3cfg": "`~/.s3cfg`",
}
"""Files that have a login, by the names ``multisat.auth.files`` has for them."""


def variable(owner: str, key: str) -> str:
    """Return the environment variable of a provider's setting, as ``multisat.config`` reads it."""
    return f"MULTISAT_{owner}_{key}".upper().replace("-", "_").replace("_NAME_", "_<NAME>_")
