"""Any chunks give equal bytes."""

import pytest
from tests.recipes.cases import generated

CHUNKS = ({"y": 5, "x": 4}, {"y": 1, "x": -1}, {"y": -1, "x": 3})
EVERY = 17
"""Every so manieth case; coprime to the turns of sensors, reducers, periods and masks."""


@pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning")
@pytest.mark.parametrize("case", generated()[::EVERY], ids=str)
def test_chunks_change_nothing(compute_case, case):
    whole = compute_case(case)
    chunks = CHUNKS[case.number // EVERY % len(CHUNKS)]
    parts = compute_case(case, chunks=chunks).compute(scheduler="synchronous")
    assert set(parts) == set(whole)
    for name in whole:
        assert parts[name].values.tobytes() == whole[name].values.tobytes(), name
    assert parts["time"].equals(whole["time"])
