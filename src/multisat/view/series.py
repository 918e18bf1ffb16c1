"""Values of an area through time, with what hid it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multisat.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

MOST = 8
"""Areas with a line of their own."""
_TRUSTED = 0.5
"""Share of an area with a value from which a point is filled."""
_DAYS = 3.0
"""Width of a bar."""


def plot_series(table: pd.DataFrame, variable: str | None = None, *, ax: Any = None) -> Any:  # noqa: ANN401 - matplotlib axes
    """Draw the mean of a variable over areas through time, and below it how much was hidden.

    A point is filled if at least half of the area has a value, and hollow if less has. Grey bars are the
    share that is masked (``cloud``), or without a value where the table does not tell masks.

    Args:
        table: What ``ms.zonal`` or a recipe with ``zonal("mean", "valid")`` gives; see ``multisat.zones``.
        variable: Such as ``"NDVI"``; None is the first that has a mean.
        ax: Axes to draw on; None makes new ones. A second axis for the bars is put on them.

    Returns:
        The axes.

    Raises:
        UsageError: There is no such variable, too many areas, or matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    name = _variable(table, variable)
    groups = list(table.groupby("id", sort=False))
    if len(groups) > MOST:
        raise UsageError(f"{len(groups)} areas are too many for one plot", hint=f"choose up to {MOST}")
    axes = ax if ax is not None else plt.subplots(figsize=(9, 4), layout="constrained")[1]
    _hidden(axes, table, name)
    for label, rows in groups:
        _line(axes, rows, name, str(label))
    if table[f"{name}_mean"].isna().all():
        _never_seen(axes)
    axes.set(xlabel="", ylabel=f"{name}, mean of the area")
    axes.set_title("filled: at least half of the area has a value", fontsize="small", loc="left", color="0.4")
    axes.margins(y=0.1)
    axes.grid(axis="y", alpha=0.3)
    _dates(axes)
    if len(groups) > 1:
        axes.legend(fontsize="small")
    return axes


def _variable(table: pd.DataFrame, variable: str | None) -> str:
    names = [str(c).removesuffix("_mean") for c in table.columns if str(c).endswith("_mean")]
    if not names:
        raise UsageError("the table has no mean", hint='ask for it: zonal("mean", "valid")')
    if variable is not None and variable not in names:
        raise UsageError(f"there is no mean of {variable!r}", hint=f"use one of {', '.join(names)}")
    return variable or names[0]


def _times(rows: pd.DataFrame) -> Any:  # noqa: ANN401 - pandas times
    """Return the times of overpasses, or the middles of periods, UTC without saying so."""
    import pandas as pd

    start, end = (pd.to_datetime(rows[name], utc=True) for name in ("start", "end"))
    return (start + (end - start) / 2).fillna(start).dt.tz_localize(None)


def _line(axes: Any, rows: pd.DataFrame, name: str, label: str) -> None:  # noqa: ANN401 - matplotlib axes
    seen = rows[rows[f"{name}_mean"].notna()]
    times, means = _times(seen), seen[f"{name}_mean"]
    (line,) = axes.plot(times, means, linewidth=1, alpha=0.6, label=label)
    trusted = seen.get(f"{name}_valid", 1.0 + 0 * means) >= _TRUSTED
    how = {"s": 36, "edgecolor": line.get_color(), "zorder": 3}
    axes.scatter(times[trusted], means[trusted], facecolor=line.get_color(), **how)
    axes.scatter(times[~trusted], means[~trusted], facecolor="white", **how)


def _never_seen(axes: Any) -> None:  # noqa: ANN401 - matplotlib axes
    """Say so where there is no value to draw, and show no scale of none."""
    axes.set_yticks([])
    axes.text(0.5, 0.6, "no value on any date", transform=axes.transAxes, ha="center", color="0.4")


def _hidden(axes: Any, table: pd.DataFrame, name: str) -> None:  # noqa: ANN401 - matplotlib axes
    """Draw bars from below, behind the lines, on an axis of percent."""
    told = "cloud" in table.columns
    if not told and f"{name}_valid" not in table.columns:
        return
    hidden = table["cloud"] if told else 1 - table[f"{name}_valid"]
    means = (100 * hidden).groupby(_times(table)).mean()
    behind = axes.twinx()
    behind.bar(means.index, means.to_numpy(), width=_DAYS, color="0.75", alpha=0.7, linewidth=0)
    behind.set(ylim=(0, 300), yticks=[0, 50, 100])
    label = "masked, cloud above all (%)" if told else "without a value (%)"
    behind.set_ylabel(label, loc="bottom", fontsize="small", color="0.4")
    behind.tick_params(labelsize="small", colors="0.4")
    axes.set_zorder(behind.get_zorder() + 1)
    axes.patch.set_visible(False)


def _dates(axes: Any) -> None:  # noqa: ANN401 - matplotlib axes
    import matplotlib.dates

    dates: Any = matplotlib.dates
    locator = dates.AutoDateLocator()
    axes.xaxis.set(major_locator=locator, major_formatter=dates.ConciseDateFormatter(locator))
