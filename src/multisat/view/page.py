"""One HTML file that holds all it shows: no script, and nothing is loaded from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

from multisat.drawing import Html, element, joined

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What browsers hold: pictures and styles of this file only."""
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 64em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em; border-bottom: 1px solid #ccc }
img { max-width: 100%; height: auto } pre { overflow-x: auto; background: #f5f5f5; padding: 1em }
td, th { font-size: .88em } p.small { color: #666; font-size: .88em }
"""
_DPI = 110


def page(title: str, *parts: object) -> str:
    """Return a whole HTML document; parts that are no ``Html`` are escaped."""
    head = [
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        element("title", title),
        element("style", Html(_STYLE)),
    ]
    body = element("body", element("h1", title), *parts)
    return joined(
        [Html('<!doctype html>\n<html lang="en">'), element("head", *head), body, Html("</html>\n")]
    )


def section(title: str, *parts: object) -> Html:
    """Return parts under a heading."""
    return element("section", element("h2", title), *parts)


def small(text: str) -> Html:
    """Return a remark."""
    return joined([Html('<p class="small">'), text, Html("</p>")])


def folded(title: str, text: str) -> Html:
    """Return long text that opens when it is asked for."""
    return element("details", element("summary", title), element("pre", text))


def picture(figure: Figure, words: str) -> Html:
    """Return a figure as a PNG inside the page.

    Args:
        figure: A matplotlib figure.
        words: What is to be seen, for those who do not see it.
    """
    file = BytesIO()
    figure.savefig(file, format="png", dpi=_DPI)
    data = b64encode(file.getvalue()).decode()
    return joined([Html(f'<img src="data:image/png;base64,{data}" alt="'), words, Html('">')])
