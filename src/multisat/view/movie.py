"""Time steps as a film: an animated GIF, or MP4 where there is an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from multisat.errors import NothingFound, UsageError
from multisat.view.colours import coloured, one_stretch
from multisat.writing.placed import Placed
from multisat.writing.plotting import picture_of, when
from multisat.writing.whole import local, whole_file

if TYPE_CHECKING:
    from PIL.Image import Image

_SMALLEST = 480
"""Pixels. Frames whose longer side is shorter are enlarged by whole times."""
_CAPTION = 26
"""Pixels below the picture, for the date."""
_ENDINGS = (".gif", ".mp4")


def write_movie(
    data: xr.Dataset | xr.DataArray, path: str | Path, *, band: str | None = None, seconds: float = 0.6
) -> Path:
    """Write time steps as a film, all with one stretch, the date below each.

    Steps without any value are left out. What has no value is grey.

    Args:
        data: Georeferenced pixels; dimensions (time, y, x).
        path: ``.gif``, or ``.mp4`` if imageio-ffmpeg is installed; written whole or not at all.
        band: Which variable; None is true colour if there are red, green and blue, or the first.
        seconds: How long each step is shown; the last one is shown three times as long.

    Raises:
        UsageError: The ending is another, there is no time, no such variable, or a library is missing.
        NothingFound: No step has a value.
    """
    target = check_movie(path, seconds)
    images = [_framed(picture, words) for picture, words in _frames(data, band)]
    shown = [*images, *[images[-1]] * 2]
    with whole_file(target) as temporary:
        (_gif if target.suffix.lower() == ".gif" else _mp4)(shown, temporary, seconds)
    return target


def check_movie(path: str | Path, seconds: float = 0.6) -> Path:
    """Return the path of a film, or refuse what could not be written before anything is read.

    Raises:
        UsageError: See ``write_movie``.
    """
    target = local(path)
    ending = target.suffix.lower()
    if ending not in _ENDINGS:
        raise UsageError(f"no film ends in {ending or 'nothing'}", hint=f"use {' or '.join(_ENDINGS)}")
    if not seconds > 0:
        raise UsageError(f"a step cannot last {seconds:g} seconds", hint="such as 0.6")
    needed = {"PIL": "pillow", "matplotlib": "matplotlib"}
    _need(needed if ending == ".gif" else {**needed, "imageio_ffmpeg": "imageio-ffmpeg"})
    return target


def _need(modules: dict[str, str]) -> None:
    from importlib.util import find_spec

    for module, name in modules.items():
        if find_spec(module) is None:
            hint = (
                f"pip install {name}, or name a .gif" if module == "imageio_ffmpeg" else f"pip install {name}"
            )
            raise UsageError(f"{name} is not installed", hint=hint)


def _frames(data: xr.Dataset | xr.DataArray, band: str | None) -> list[tuple[NDArray[np.uint8], str]]:
    """Return the picture and the date of each step that has a value."""
    picture = picture_of(Placed.of(data).cube, band)
    if "time" not in picture.dims:
        raise UsageError("one picture makes no film", hint="give several time steps or periods")
    picture = picture.compute()
    seen = [n for n in range(picture.sizes["time"]) if bool(picture.isel(time=n).notnull().any())]
    if not seen:
        raise NothingFound("no time step has a value", hint="widen the time range, or mask less")
    look = one_stretch(picture.isel(time=seen))
    return [(coloured(picture.values[n], look), when(picture.isel(time=n))) for n in seen]


def _framed(picture: NDArray[np.uint8], words: str) -> Image:
    """Return a picture, enlarged if it is small, with words below; sides are even, as encoders want them."""
    from PIL import Image, ImageDraw, ImageFont

    times = max(1, -(-_SMALLEST // max(picture.shape[:2])))
    image = Image.fromarray(picture.repeat(times, axis=0).repeat(times, axis=1))
    wide, tall = (side + side % 2 for side in image.size)
    frame = Image.new("RGB", (wide, tall + _CAPTION), "white")
    frame.paste(image, (0, 0))
    pen = ImageDraw.Draw(frame)
    pen.text((8, tall + _CAPTION / 2), words, fill="black", anchor="lm", font=ImageFont.load_default(16))
    return frame


def _gif(images: Sequence[Image], path: Path, seconds: float) -> None:
    """Write with one palette for all frames, so that equal colours stay equal."""
    from PIL import Image

    strip = Image.fromarray(np.concatenate([np.asarray(image)[::4, ::4] for image in images]))
    palette = strip.quantize(256, dither=Image.Dither.NONE)
    flat = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    how: dict[str, Any] = {"duration": round(1000 * seconds), "loop": 0, "optimize": False}
    flat[0].save(path, "GIF", save_all=True, append_images=flat[1:], **how)


def _mp4(images: Sequence[Image], path: Path, seconds: float) -> None:
    write_frames = import_module("imageio_ffmpeg").write_frames
    writer = write_frames(str(path), images[0].size, fps=1 / seconds, macro_block_size=2)
    writer.send(None)
    for image in images:
        writer.send(image.tobytes())
    writer.close()
