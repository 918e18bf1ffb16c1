"""The comparison of pictures itself: it tells a wrong one."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def test_a_darker_picture_and_a_lost_piece_are_told(golden, monkeypatch):
    monkeypatch.delenv("MULTISAT_GOLDEN", raising=False)
    with Image.open(Path(__file__).parent / "golden" / "sheet.png") as file:
        kept = np.asarray(file.convert("RGB"))
    golden(kept, "sheet")
    golden(np.clip(kept.astype(int) + 2, 0, 255).astype("uint8"), "sheet")
    lost = kept.copy()
    lost[10:25, 5:20] = 255
    for wrong in ((kept * 0.8).astype("uint8"), lost, kept[:, ::-1]):
        with pytest.raises(AssertionError):
            golden(wrong, "sheet")
