"""Where logins are found: given, environment, files, multisat's own file, and what is said of halves."""

import copy
import json
import pickle
import traceback

import pytest

import multisat as ms
from multisat.auth import Credential, Secret, find, give
from multisat.auth.netrc_file import netrc_login
from multisat.auth.wants import AWS, CDSE_S3, EARTHDATA, OPENEO, PLANETARY_COMPUTER, SENTINEL_HUB

URS = ("urs.earthdata.nasa.gov",)
CDSE = (
    "https://identity.dataspace.copernicus.eu",
    "sh.dataspace.copernicus.eu",
    "openeo.dataspace.copernicus.eu",
)
SECRET = "hunter2-secret"


def write(home, name, text, mode=0o600):
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_order_and_that_the_first_complete_one_wins(home, monkeypatch):
    assert find(EARTHDATA, URS) is None
    config = write(home, "config.toml", '[providers.nasa-cmr]\nusername = "u"\npassword = "config"\n')
    assert find(EARTHDATA, URS).where == f"{config} [providers.nasa-cmr]"
    path = write(home, ".netrc", "machine urs.earthdata.nasa.gov login u password netrc\n")
    assert find(EARTHDATA, URS).where == str(path)
    monkeypatch.setenv("EARTHDATA_USERNAME", "u")
    monkeypatch.setenv("EARTHDATA_PASSWORD", "p")
    assert find(EARTHDATA, URS).where == "environment EARTHDATA_USERNAME"
    monkeypatch.setenv("EDL_TOKEN", "edl")
    assert find(EARTHDATA, URS).where == "environment EDL_TOKEN"
    monkeypatch.setenv("EARTHDATA_TOKEN", "token")
    assert (find(EARTHDATA, URS).kind, find(EARTHDATA, URS).where) == ("token", "environment EARTHDATA_TOKEN")
    give("nasa-cmr", token="given")
    assert find(EARTHDATA, URS).reveal_to("https://urs.earthdata.nasa.gov/x") == "given"
    give("nasa-cmr")
    assert find(EARTHDATA, URS).where == "environment EARTHDATA_TOKEN"
    with pytest.raises(ms.UsageError, match="no login has a part pasword"):
        give("nasa-cmr", pasword="x")


@pytest.mark.parametrize(
    ("want", "variable", "value"),
    [
        (EARTHDATA, "EARTHDATA_TOKEN", SECRET),
        (EARTHDATA, "EDL_TOKEN", SECRET),
        (PLANETARY_COMPUTER, "PC_SDK_SUBSCRIPTION_KEY", SECRET),
        (PLANETARY_COMPUTER, "MULTISAT_PLANETARY_COMPUTER_SUBSCRIPTION_KEY", SECRET),
    ],
)
def test_one_variable(monkeypatch, want, variable, value):
    monkeypatch.setenv(variable, value)
    assert find(want, URS).where == f"environment {variable}"
    assert find(want, URS).secret.reveal() == SECRET
    monkeypatch.setenv(variable, "")
    assert find(want, URS) is None


@pytest.mark.parametrize(
    ("want", "user", "secret"),
    [
        (EARTHDATA, "EARTHDATA_USERNAME", "EARTHDATA_PASSWORD"),
        (SENTINEL_HUB, "SH_CLIENT_ID", "SH_CLIENT_SECRET"),
        (SENTINEL_HUB, "MULTISAT_CDSE_CLIENT_ID", "MULTISAT_CDSE_CLIENT_SECRET"),
        (OPENEO, "OPENEO_AUTH_CLIENT_ID", "OPENEO_AUTH_CLIENT_SECRET"),
        (OPENEO, "MULTISAT_CDSE_CLIENT_ID", "MULTISAT_CDSE_CLIENT_SECRET"),
        (AWS, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        (CDSE_S3, "CDSE_S3_ACCESS_KEY_ID", "CDSE_S3_SECRET_ACCESS_KEY"),
    ],
)
def test_two_variables_and_half_of_them(monkeypatch, want, user, secret):
    for there, missing in ((user, secret), (secret, user)):
        monkeypatch.setenv(there, SECRET)
        with pytest.raises(ms.CredentialsError, match=f"environment {there}.*{missing} is not") as caught:
            find(want, CDSE)
        assert caught.value.provider == want.provider
        assert SECRET not in "".join(traceback.format_exception(caught.value))
        monkeypatch.delenv(there)
    monkeypatch.setenv(user, "me")
    monkeypatch.setenv(secret, SECRET)
    found = find(want, CDSE)
    assert (found.user, found.secret.reveal(), found.where) == ("me", SECRET, f"environment {user}")


def test_half_a_login_in_a_file_names_the_file(home):
    path = write(home, "config.toml", f'[providers.nasa-cmr]\nusername = "{SECRET}"\n')
    with pytest.raises(ms.CredentialsError, match="password is not") as caught:
        find(EARTHDATA, URS)
    assert str(path) in str(caught.value)
    assert SECRET not in str(caught.value)


NETRC = """
# machine urs.earthdata.nasa.gov login commented password out
machine other.example login o password p
machine urs.earthdata.nasa.gov login me password "two words # \\" quoted"
machine hash.example login o password #a#b # and a comment
machine account.example
  login o account x
  password after-account
macdef init
cd /

default login d password e
"""


def test_netrc_quirks(home):
    write(home, ".netrc", NETRC)
    found = netrc_login("urs.earthdata.nasa.gov")
    assert (found.user, found.secret.reveal()) == ("me", 'two words # " quoted')
    assert netrc_login("other.example").user == "o"
    assert netrc_login("hash.example").secret.reveal() == "#a#b"
    assert netrc_login("account.example").secret.reveal() == "after-account"
    assert netrc_login("nobody.example") is None
    assert netrc_login("default") is None


def test_where_netrc_is(home, monkeypatch):
    line = "machine urs.earthdata.nasa.gov login {} password p\n"
    windows = write(home, "_netrc", line.format("w"))
    assert find(EARTHDATA, URS).where == str(windows)
    plain = write(home, ".netrc", line.format("p"))
    assert find(EARTHDATA, URS).where == str(plain)
    named = write(home, "elsewhere/mine", line.format("n"))
    monkeypatch.setenv("NETRC", str(named))
    assert find(EARTHDATA, URS).where == str(named)
    monkeypatch.setenv("NETRC", str(home / "not-there"))
    assert find(EARTHDATA, URS) is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_netrc_that_others_may_read_is_warned_of(home, mode):
    path = write(home, ".netrc", f"machine urs.earthdata.nasa.gov login me password {SECRET}\n", mode)
    with pytest.warns(ms.CredentialsWarning, match=f"chmod 600 {path}") as told:
        assert netrc_login("urs.earthdata.nasa.gov").user == "me"
    assert SECRET not in str([str(one.message) for one in told])


def test_a_netrc_without_our_machine_may_be_open_to_all(home):
    write(home, ".netrc", "machine other.example login me password x\n", 0o644)
    assert netrc_login("urs.earthdata.nasa.gov") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"machine urs.earthdata.nasa.gov\nlogin me\nfrobnicate {SECRET}\n",
            r"netrc, line 3: does not parse",
        ),
        (f"machine a login b password {SECRET}\nmachin x\n", r"netrc, line 2: does not parse"),
        (f"# one\n\nmachine a login b passwort {SECRET}\n", r"netrc, line 3: does not parse"),
        (f"machine a login b password {SECRET}\nmacdef init\ncd /\n", r"netrc, line 3: does not parse"),
        (
            f'machine a login b password c\nmachine urs.earthdata.nasa.gov login me password "{SECRET}\nmachine d\n',
            r"netrc, line 2: a quote is not closed",
        ),
        ("machine urs.earthdata.nasa.gov login me\n", "password of urs.earthdata.nasa.gov is not"),
        (f"machine urs.earthdata.nasa.gov password {SECRET}\n", "login of urs.earthdata.nasa.gov is not"),
        (b"machine \xff\xfe\x00", "UTF-8|parse"),
    ],
)
def test_a_netrc_that_cannot_be_used(home, text, said):
    path = home / ".netrc"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    with pytest.raises(ms.CredentialsError, match=said) as caught:
        find(EARTHDATA, URS)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_planetary_computer_settings(home):
    text = f"# settings\nexport PC_SDK_SUBSCRIPTION_KEY='{SECRET}'\nPC_SDK_SAS_URL=https://x.example\n"
    path = write(home, ".planetarycomputer/settings.env", text)
    found = find(PLANETARY_COMPUTER, ("planetarycomputer.microsoft.com",))
    assert (found.where, found.secret.reveal()) == (str(path), SECRET)
    write(home, ".planetarycomputer/settings.env", f"#PC_SDK_SUBSCRIPTION_KEY={SECRET}\n")
    assert find(PLANETARY_COMPUTER, URS) is None


PROFILE = '[{}]\nsh_client_id = "me"\nsh_client_secret = "{}"\n{}\n'
AT_CDSE = 'sh_base_url = "https://sh.dataspace.copernicus.eu"'


def test_sentinelhub_profiles(home, monkeypatch):
    path = home / ".config/sentinelhub/config.toml"
    write(home, path, PROFILE.format("default-profile", SECRET, ""))
    assert find(SENTINEL_HUB, CDSE) is None  # a client of the commercial service
    assert find(SENTINEL_HUB, ("services.sentinel-hub.com",)).user == "me"
    write(
        home, path, PROFILE.format("default-profile", SECRET, AT_CDSE) + PROFILE.format("mine", "x", AT_CDSE)
    )
    assert find(SENTINEL_HUB, CDSE).where == f"{path} [default-profile]"
    assert find(OPENEO, CDSE).where == f"{path} [default-profile]"
    monkeypatch.setenv("SH_PROFILE", "mine")
    assert find(SENTINEL_HUB, CDSE).secret.reveal() == "x"
    write(home, path, f'[mine]\nsh_client_id = "{SECRET}"\n{AT_CDSE}\n')
    with pytest.raises(ms.CredentialsError, match="sh_client_secret is not"):
        find(SENTINEL_HUB, CDSE)
    write(home, path, f'[mine]\nsh_client_id = "{SECRET}\n')
    with pytest.raises(ms.CredentialsError, match=r"config.toml, line \d") as caught:
        find(SENTINEL_HUB, CDSE)
    assert SECRET not in str(caught.value)


def test_what_the_openeo_client_stored(home, monkeypatch):
    oidc = {"providers": {"CDSE": {"client_id": "me", "client_secret": SECRET}}}
    stored = {"backends": {"https://openeo.dataspace.copernicus.eu": {"oidc": oidc}}}
    path = write(home, ".config/openeo-python-client/auth-config.json", json.dumps(stored))
    assert find(OPENEO, CDSE).where.startswith(str(path))
    assert find(OPENEO, ("openeo.example.org",)) is None
    path.unlink()
    tokens = {
        "https://identity.dataspace.copernicus.eu/auth/realms/CDSE": {"sh-abc": {"refresh_token": SECRET}}
    }
    path = write(home, ".local/share/openeo-python-client/refresh-tokens.json", json.dumps(tokens))
    found = find(OPENEO, CDSE)
    assert (found.kind, found.user, found.where) == ("refresh", "sh-abc", str(path))
    monkeypatch.setenv("OPENEO_CONFIG_HOME", str(home / "own"))
    path = write(home, "own/auth-config.json", json.dumps(stored)[:-5])
    with pytest.raises(ms.CredentialsError, match=r"auth-config.json, line 1") as caught:
        find(OPENEO, CDSE)
    assert SECRET not in str(caught.value)


def test_keys_of_buckets(home, monkeypatch):
    text = f"[default]\naws_access_key_id = AKIA\naws_secret_access_key = {SECRET}\naws_session_token = s\n"
    path = write(home, ".aws/credentials", text)
    found = find(AWS, ("s3.amazonaws.com",))
    assert (found.user, found.session.reveal(), found.where) == ("AKIA", "s", f"{path} [default]")
    write(home, ".s3cfg", f"[default]\naccess_key = CDSE\nsecret_key = {SECRET}\n")
    assert find(CDSE_S3, ("eodata.dataspace.copernicus.eu",)).user == "CDSE"
    assert find(AWS, ("s3.amazonaws.com",)).user == "AKIA"
    write(home, ".s3cfg", f"[default\naccess_key = {SECRET}\n")
    with pytest.raises(ms.CredentialsError, match=r"s3cfg, line 1") as caught:
        find(CDSE_S3, ("eodata.dataspace.copernicus.eu",))
    assert SECRET not in str(caught.value)


def login(**changes):
    told = {
        "kind": "password",
        "user": "me-myself",
        "secret": Secret(SECRET),
        "hosts": URS,
        "where": "a test",
    }
    return Credential(**{**told, **changes})


def test_a_login_shows_its_secret_nowhere():
    one = login(session=Secret(SECRET))
    shown = [
        repr(one),
        str(one),
        f"{one.secret}",
        f"{one.secret!r}",
        format(one.secret),
        repr([one]),
        repr(vars),
    ]
    assert not any(SECRET in text for text in shown)
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never pickled"):
            copied(one.secret)
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(one)


@pytest.mark.parametrize(
    ("url", "goes"),
    [
        ("https://urs.earthdata.nasa.gov/oauth", True),
        ("https://URS.earthdata.nasa.gov/oauth", True),
        ("http://urs.earthdata.nasa.gov/oauth", False),
        ("https://urs.earthdata.nasa.gov.evil.example/", False),
        ("https://urs.earthdata.nasa.gov@evil.example/", False),
        ("https://evil.example/urs.earthdata.nasa.gov", False),
        ("https://evil.example\\@urs.earthdata.nasa.gov/", False),
        ("https://me:pw@urs.earthdata.nasa.gov/", False),
        ("https://urs.earthdata.nasa.gov/ x", False),
        ("ftp://urs.earthdata.nasa.gov/", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_a_login_is_revealed_to_its_hosts_alone(url, goes):
    if not goes:
        with pytest.raises(ms.CredentialsError, match="is not for") as caught:
            login().authorization(url)
        assert SECRET not in str(caught.value)
    else:
        assert login().authorization(url)["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("host", "url", "goes"),
    [
        ("http://127.0.0.2:81", "http://127.0.0.2:81/x", True),
        ("http://127.0.0.2:81", "http://127.0.0.2:82/x", False),
        ("http://127.0.0.2:81", "https://127.0.0.2:81/x", False),
        ("http://127.0.0.2:81", "http://127.0.0.3:81/x", False),
        ("http://10.0.0.1:81", "http://10.0.0.1:81/x", False),  # others may read along
        ("https://a.example", "https://a.example:443/x", True),
        ("https://a.example", "https://a.example:8443/x", False),
        ("https://a.example:8443", "https://a.example:8443/x", True),
    ],
)
def test_a_login_bound_to_an_origin(host, url, goes):
    from multisat.auth.hosts import belongs_to

    assert belongs_to(url, (host,)) is goes
