"""The charts of a sheet that was brought into another document: their series are of its own cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own


def has_matching_charts(source: Any, target: Any) -> bool:
    """Whether the charts of one sheet can show what those of another do: as many, with as many series."""
    counts = [
        [
            len(list(_list_chart_series(sheet.Charts.getByName(name).EmbeddedObject)))
            for name in sheet.Charts.ElementNames
        ]
        for sheet in (source, target)
    ]
    return counts[0] == counts[1]


def rebind_chart_series(source: Any, target: Any, document: Any) -> None:
    """Give the series of charts their cells again, which were brought over as those of the other document."""
    names = target.Charts.ElementNames
    for place, name in enumerate(source.Charts.ElementNames):
        drawn = source.Charts.getByName(name).EmbeddedObject
        copied = target.Charts.getByName(names[place]).EmbeddedObject
        if copied.hasInternalDataProvider():  # it came with a copy of the figures instead of their cells
            copied.attachDataProvider(document.createInstance("com.sun.star.chart2.data.DataProvider"))
        for old, new in zip(list(_list_chart_series(drawn)), list(_list_chart_series(copied))):
            brought = (*new.DataSequences, *[None] * len(old.DataSequences))
            new.setData(
                tuple(
                    _copy_data_sequence(copied.DataProvider, *pair)
                    for pair in zip(old.DataSequences, brought)
                )
            )
        for old, new in zip(_list_coordinate_systems(drawn), _list_coordinate_systems(copied)):
            _name_categories(old, new, copied.DataProvider)
        for old, new in zip(_list_titled_parts(drawn), _list_titled_parts(copied)):
            _copy_title_text(old, new)


def _list_chart_series(chart: Any) -> Iterable[Any]:
    for system in _list_coordinate_systems(chart):
        for kind in system.ChartTypes:
            yield from kind.DataSeries


def _list_coordinate_systems(chart: Any) -> Sequence[Any]:
    systems: Sequence[Any] = chart.FirstDiagram.CoordinateSystems
    return systems


def _list_titled_parts(chart: Any) -> Iterable[Any]:
    """Yield what may have a title: the chart and each axis."""
    yield chart
    for system in _list_coordinate_systems(chart):
        for dimension in range(system.Dimension):
            for place in range(system.getMaximumAxisIndexByDimension(dimension) + 1):
                yield system.getAxisByDimension(dimension, place)


def _copy_title_text(old: Any, new: Any) -> None:
    said, shown = (getattr(part, "TitleObject", None) if part is not None else None for part in (old, new))
    if said is not None and shown is not None:
        for one, other in zip(said.getText(), shown.getText()):
            other.setString(one.getString())


def _name_categories(drawn: Any, copied: Any, provider: Any) -> None:
    named = drawn.getAxisByDimension(0, 0).getScaleData().Categories
    if named is None:
        return
    axis = copied.getAxisByDimension(0, 0)
    scale = axis.getScaleData()
    scale.Categories = _copy_data_sequence(provider, named)
    axis.setScaleData(scale)


def _copy_data_sequence(provider: Any, labelled: Any, brought: Any = None) -> Any:
    """Return a series' values and label, of the same cells as another's; ``brought`` is the copy of those."""
    made = uno.getComponentContext().ServiceManager.createInstance(
        "com.sun.star.chart2.data.LabeledDataSequence"
    )
    for part in ("Values", "Label"):
        cells = getattr(labelled, part)
        if cells is not None:
            again = provider.createDataSequenceByRangeRepresentation(cells.SourceRangeRepresentation)
            if again is None:  # a text of its own, such as a name that is in no cell: as it was brought over
                again = getattr(brought, part, None)
            else:
                again.Role = cells.Role
            setattr(made, part, again)
    return made
