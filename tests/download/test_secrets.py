"""Signatures and logins go where they belong and are written nowhere."""

import logging
import shutil
import socket
import ssl
import subprocess
from urllib.parse import urlsplit

import pytest

from multisat.contracts import Access

SIGNATURE, TOKEN, COOKIE = "SECRETSIG", "SECRETTOKEN", "SECRETCOOKIE"
SECRETS = (SIGNATURE, TOKEN, COOKIE)


@pytest.fixture
def signed():
    def access(_provider, asset):
        return Access(
            href=f"{asset.href}?sig={SIGNATURE}",
            headers={"Authorization": f"Bearer {TOKEN}", "X-Key": TOKEN},
        )

    return access


def redirect(handler, target, **headers):
    handler.send_response(302)
    for name, value in {"Location": target, "Content-Length": 0, **headers}.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()


@pytest.fixture
def other(serve, answer_with, body):
    """Another host: it notes the headers it gets."""
    seen = []

    def answer(handler):
        seen.append(dict(handler.headers.items()))
        answer_with(handler, 200, body, Content_Type="image/tiff")

    return serve(answer), seen


def test_the_host_gets_them(shelf, scene, get, signed):
    (one,) = get(scene(), access=signed)
    assert one.status == "done"
    ((path, headers),) = shelf.requests
    assert f"sig={SIGNATURE}" in path
    assert headers["authorization"] == f"Bearer {TOKEN}"


def test_another_host_does_not(shelf, scene, get, signed, other):
    url, seen = other
    shelf.faults["/red.tif"] = lambda handler: redirect(handler, f"{url}/x", Set_Cookie=f"id={COOKIE}")
    files = get(scene(), scene("two"), access=signed, workers=1)
    assert not files.failed
    assert not any(secret in str(seen) for secret in SECRETS)
    assert not {name.lower() for headers in seen for name in headers} & {"authorization", "cookie", "x-key"}
    assert shelf.asked("cookie") == [None, f"id={COOKIE}"]


def test_a_redirect_on_the_host_keeps_them(shelf, scene, get, signed):
    shelf.faults["/red.tif"] = lambda handler: redirect(handler, "/there.tif")
    shelf.files["/there.tif"] = b"x"
    (one,) = get(scene(), access=signed)
    assert one.status == "done"
    assert shelf.asked("authorization") == [f"Bearer {TOKEN}"] * 2


def test_a_netrc_file_is_not_read(shelf, scene, get, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login me password {TOKEN}\ndefault login me password {TOKEN}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert get(scene())[0].status == "done"
    assert shelf.asked("authorization") == [None]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://h/x", "http://[", "/red.tif"])
def test_redirects_that_lead_nowhere(shelf, scene, get, target):
    shelf.faults["/red.tif"] = lambda handler: redirect(handler, target)
    (one,) = get(scene())
    assert "redirect" in one.error


@pytest.fixture
def fates(shelf):
    """Files on the shelf by what becomes of them; some answers quote the signature and the token."""
    echo = f"refused: {SIGNATURE} {TOKEN}".encode()

    def cut(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(shelf.body)))
        handler.send_header("ETag", '"x"')
        handler.end_headers()
        handler.wfile.write(shelf.body[:1000])
        handler.close_connection = True

    shelf.files |= {"/done.tif": shelf.body, "/checksum.tif": shelf.body}
    shelf.faults = {
        "/404.tif": lambda h: shelf.reply(h, 404, echo, Content_Type="text/plain"),
        "/403.tif": lambda h: shelf.reply(h, 403, echo, Content_Type="application/json"),
        "/500.tif": lambda h: shelf.reply(h, 500, echo, Content_Type="text/plain"),
        "/html.tif": lambda h: shelf.reply(h, 200, b"<html>" + echo, Content_Type="text/html"),
        "/reset.tif": lambda h: h.connection.shutdown(socket.SHUT_RDWR),
        "/loop.tif": lambda h: redirect(h, h.path),
        "/cut.tif": cut,
    }
    return ["done", "checksum", *(path[1:-4] for path in shelf.faults)]


def test_nothing_tells_a_secret(fates, scene, get, signed, tmp_path, caplog):
    """All files at a time, because most of them are asked for again and again."""
    caplog.set_level(logging.DEBUG)
    wrong = {"file:checksum": "1220" + "00" * 32}
    scenes = [scene(fate, red=f"/{fate}.tif", told=wrong if fate == "checksum" else None) for fate in fates]
    files = get(*scenes, access=signed, workers=len(fates))
    assert [one.item for one in files if one.status == "done"] == ["done"]
    assert {one.item for one in files.failed} == {*fates} - {"done"}
    written = {p.relative_to(tmp_path / "files"): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert sorted(path.parent.name for path in written) == ["cut", "cut", "done"]
    shown = [repr(files), str(files), caplog.text]
    shown += [text for one in files for text in (repr(one), str(one.to_dict()))]
    assert not any(s in text for s in SECRETS for text in shown)
    assert not any(s.encode() in data for s in SECRETS for data in written.values())
    assert "127.0.0.1" in caplog.text


@pytest.fixture
def serve_tls(serve, tmp_path, monkeypatch):
    """Start servers with a certificate for localhost: ``serve_tls(answer)`` gives the port."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    return lambda answer: urlsplit(serve(answer, context)).port


def test_a_login_by_redirect_as_at_nasa(serve_tls, answer_with, get, bare_scene, tmp_path):
    """The file's host sends to the login host, which takes the password and sends back; a cookie lets in."""
    seen = {"data": [], "login": []}

    def data(handler):
        seen["data"].append(dict(handler.headers.items()))
        if "code=yes" in handler.path:
            redirect(handler, "/red.tif", Set_Cookie=f"in={COOKIE}; Secure; HttpOnly")
        elif f"in={COOKIE}" in handler.headers.get("Cookie", ""):
            answer_with(handler, 200, b"the file", Content_Type="image/tiff")
        else:
            redirect(handler, f"https://localhost:{ports['login']}/authorize")

    def login(handler):
        seen["login"].append(dict(handler.headers.items()))
        if "Authorization" not in handler.headers:
            answer_with(handler, 401)
        else:
            redirect(handler, f"https://127.0.0.1:{ports['data']}/login?code=yes", Set_Cookie="other=1")

    ports = {"data": serve_tls(data), "login": serve_tls(login)}
    file = tmp_path / "private-netrc"
    file.write_text(f"machine localhost login me password {TOKEN}\n")
    scene = bare_scene("one", {"red": f"https://127.0.0.1:{ports['data']}/red.tif"})
    gdal = {"GDAL_HTTP_NETRC": "YES", "GDAL_HTTP_NETRC_FILE": str(file)}
    (one,) = get(scene, access=lambda _p, asset: Access(href=asset.href, gdal=gdal))
    assert one.status == "done", one.error
    assert one.path.read_bytes() == b"the file"
    assert not any("Authorization" in headers for headers in seen["data"])
    assert [headers["Authorization"].split()[0] for headers in seen["login"]] == ["Basic"]
    (without,) = get(scene, overwrite=True)
    assert "asks for a login (401)" in without.error


def test_https_does_not_lead_to_http(serve_tls, get, serve, answer_with, bare_scene):
    plain = serve(lambda handler: answer_with(handler, 200, b"x"))
    port = serve_tls(lambda handler: redirect(handler, f"{plain}/red.tif"))
    (one,) = get(bare_scene("one", {"red": f"https://127.0.0.1:{port}/red.tif"}))
    assert "redirects from https to http" in one.error
