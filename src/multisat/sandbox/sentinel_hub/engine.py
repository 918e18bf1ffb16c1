"""Evalscripts in V8, with limits of time and memory: whole arrays in, whole arrays out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox.sentinel_hub.refusing import RENDERER, Refused

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

SECONDS = 30.0
"""How long a script may run in all."""
_STOPPING = 5.0
"""Seconds in which one that is stopped says so."""
MEMORY = 512 * 2**20
"""Bytes a script may use."""
_BLOCK = 2**22
"""Numbers given to a script at once."""


@dataclass(frozen=True, kw_only=True)
class Pixels:
    """What a script works on.

    Attributes:
        bands: Names of the bands.
        samples: Band values, shape (samples, bands, pixels), float32.
        single: Whether the script gets one sample as an object, not an array of samples.
        scenes: What describes the samples.
        outputs: Output id to its number of bands, in order.
        metadata: ``inputMetadata``.
    """

    bands: Sequence[str]
    samples: NDArray[np.float32]
    single: bool
    scenes: Mapping[str, Any]
    outputs: Mapping[str, int]
    metadata: Mapping[str, Any]


class Evalscript:
    """One script in a V8 of its own. Use it in ``with``.

    Args:
        text: The script.
        seconds: How long it may run in all.
        memory: Bytes it may use.

    Raises:
        Refused: It cannot be read, or lacks what it must have.
    """

    def __init__(self, text: str, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        from py_mini_racer import MiniRacer

        if not text.lstrip().startswith("//VERSION=3"):
            raise Refused("Invalid script! Only evalscripts that begin with //VERSION=3 run here.", RENDERER)
        self._until = time.monotonic() + seconds
        self._v8: MiniRacer = MiniRacer()
        self._v8.set_hard_memory_limit(memory)
        try:
            self._eval(_driver())
            self._eval(text)
            self._require("setup", "evaluatePixel")
        except Refused:
            self._v8.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._v8.close()

    def _require(self, *names: str) -> None:
        for name in names:
            if not self.has(name):
                raise Refused(f"Invalid script! Function '{name}' is missing.", RENDERER)

    def has(self, name: str) -> bool:
        """Whether the script defines a function."""
        return bool(self._call("defined", name))

    def setup(self) -> Any:  # noqa: ANN401 - JSON
        """Return what ``setup()`` gives."""
        return json.loads(self._call("setup"))

    def pre_process(self, collections: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Return what ``preProcessScenes`` makes of scenes; the same if there is no such function."""
        if not self.has("preProcessScenes"):
            return collections
        return json.loads(self._call("preProcess", json.dumps(collections)))

    def update_output(self, bands: Mapping[str, int], dates: Sequence[str]) -> dict[str, int]:
        """Return the number of bands of each output after ``updateOutput``.

        Args:
            bands: Their numbers as ``setup()`` has them.
            dates: Time of each scene.
        """
        if not self.has("updateOutput"):
            return dict(bands)
        asked = json.dumps({name: {"bands": count} for name, count in bands.items()})
        found = json.loads(self._call("updateOutput", asked, json.dumps(list(dates))))
        return {name: int(found[name]["bands"]) for name in bands}

    def run(self, pixels: Pixels) -> tuple[dict[str, NDArray[np.float64]], Any]:
        """Return each output, shape (bands, pixels), and the user data or None."""
        samples, bands, count = pixels.samples.shape
        plan = {
            "bands": list(pixels.bands),
            "samples": samples,
            "single": pixels.single,
            "scenes": pixels.scenes,
            "outputs": list(pixels.outputs.items()),
            "input": pixels.metadata,
        }
        self._call("begin", json.dumps(plan))
        total = sum(pixels.outputs.values())
        found = np.empty((count, total))
        step = max(1, _BLOCK // max(1, samples * bands + total))
        for start in range(0, count, step):
            part = pixels.samples[:, :, start : start + step]
            found[start : start + step] = self._block(part, total)
        edges = np.cumsum(list(pixels.outputs.values()))[:-1]
        parts = np.split(found.T, edges)
        user_data = json.loads(self._call("finish", self.has("updateOutputMetadata")))
        return dict(zip(pixels.outputs, parts, strict=True)), user_data

    def _block(self, part: NDArray[np.float32], total: int) -> NDArray[np.float64]:
        count = part.shape[2]
        self._call("allocate", count)
        if part.size:
            given = np.frombuffer(self._eval("__driver.input()"), dtype=np.float32)
            given[:] = np.ascontiguousarray(part).ravel()
        self._call("run", count)
        made = np.frombuffer(self._eval("__driver.output()"), dtype=np.float64)
        return made.reshape(count, total).copy()

    def _call(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - what a script gives
        given = ",".join(json.dumps(argument) for argument in arguments)
        return self._eval(f"__driver.{name}({given})")

    def _eval(self, code: str) -> Any:  # noqa: ANN401 - what a script gives
        from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException

        left = self._until - time.monotonic()
        try:
            return self._v8.eval(code, timeout_sec=max(left, 0.001))
        except JSTimeoutException:
            # What is stopped says so a little later; before it has, the engine must not be closed.
            with suppress(Exception):
                self._v8.eval("0", timeout_sec=_STOPPING)
            raise Refused("Script evaluation timed out.", RENDERER) from None
        except JSOOMException:
            raise Refused("Script ran out of memory.", RENDERER) from None
        except JSEvalException as error:
            text = str(error).strip()[:600]
            raise Refused(f"Failed to evaluate script!\nevalscript.js: {text}", RENDERER) from None


@cache
def _driver() -> str:
    return files(__package__).joinpath("driver.js").read_text(encoding="utf-8")
