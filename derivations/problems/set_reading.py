"""From the text of a file to a problem set: what headings inherit, which keys a kind may have, what a problem is worth.

`problem_files` says how a file is written and `kinds` what a problem needs; every error here names the line of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..errors import ProblemSetError
from .kinds import KINDS, Kind, Problem, ProblemSet
from .network_answers import Asked
from .problem_files import Section, SetFile, read_file
from .rubrics import earned_sum, usual_earns
from .values import Faults, Field, Fields, Place, did_you_mean, listed, shortened


def read_set(text: str, file: str) -> ProblemSet:
    """A set from the text of its file.

    Raises:
        ProblemSetError: with file, line and a sentence.
    """
    return _set(text, file, Faults())


def read_all(text: str, file: str) -> tuple[ProblemSet | None, tuple[ProblemSetError, ...]]:
    """A set with every error of its file, in the order of the lines that they name; without what they made unreadable."""
    faults, found = Faults(gathering=True), None
    with faults.kept():
        found = _set(text, file, faults)
    return found, tuple(faults.found)


def _set(text: str, file: str, faults: Faults) -> ProblemSet:
    source = read_file(text, file, faults)
    for key in ("set", "title", "layout"):
        with faults.kept():
            if key not in source.head and not faults.found:  # what could not be read was perhaps this
                Place(file, 1).fail(f"The head has no “{key}”.")
    head = {key: f.value for key, f in source.head.items()}
    problems = tuple(_problems(source, faults))
    if not problems and not source.sections:
        Place(file, 1).fail("The set has no problem; each begins with a heading such as “## 2.4 Matrix times vector”.")
    return ProblemSet(
        head.get("set", ""),
        head.get("title", ""),
        head.get("layout", "numerator"),
        head.get("symbols", {}),
        head.get("conventions", ()),
        head.get("misprints", ()),
        source.text,
        problems,
        file,
        head.get("known_by", ()),
    )


def _problems(source: SetFile, faults: Faults) -> Iterator[Problem]:
    """The headings that have none below them, each with what it inherits; those whose blocks are faulty are left out."""
    around = {"symbols": "shapes", "layout": "layout", "layouts": "layouts"}
    common = {around[key]: f for key, f in source.head.items() if key in around}
    complete: list[dict[str, Field]] = []
    texts: list[str] = []
    faulty: list[bool] = []
    parents = {s.parent for s in source.sections}
    for k, section in enumerate(source.sections):
        above = section.parent
        complete.append(_joined(common if above is None else complete[above], section.fields))
        texts.append(section.text or ("" if above is None else texts[above]))
        faulty.append(section.faulty or (above is not None and faulty[above]))
        if k not in parents and not faulty[k]:
            with faults.kept():
                yield _problem(source, replace(section, text=texts[-1]), complete[-1])


_WHOLE = frozenset({"given", "options", "point", "earns"})
_ADDED = frozenset({"notes", "misprints", "known_by"})


def _joined(outer: Mapping[str, Field], inner: Mapping[str, Field]) -> dict[str, Field]:
    """What a heading has: its own, and what the headings around it have. Names and notes add up, others replace."""
    fields = dict(outer)
    layout, layouts = inner.get("layout"), inner.get("layouts")
    # what is nearer says it all: a layout of its own is the one that is accepted, and the other way round
    if layout and not layouts and "layouts" in fields and fields["layouts"].value != "both":
        fields["layouts"] = layout
    if layouts and not layout and layouts.value != "both":
        fields["layout"] = layouts
    for key, own in inner.items():
        other = outer.get(key)
        if other is not None and isinstance(own.value, dict) and key not in _WHOLE:
            own = replace(own, value={**other.value, **own.value})
        elif other is not None and key in _ADDED:
            own = replace(own, value=(*other.value, *own.value))
        fields[key] = own
    return fields


def _problem(source: SetFile, section: Section, fields: Fields) -> Problem:
    number, place = section.id, section.place
    kind = _kind(number, place, section.fields, fields)
    # what was inherited for problems of other kinds means nothing here
    used = {key: f for key, f in fields.items() if key in kind.keys()}
    value = {key: f.value for key, f in used.items()}
    for word in value.get("asked", ()):
        if word not in kind.asked:
            used["asked"].place.fail(
                f"Problem {number}: “{shortened(word)}” cannot be asked of a problem of kind {value['kind']}"
                f"{did_you_mean(word, kind.asked)} It may ask for {listed(kind.asked)}."
            )
    _options_fit(number, kind, used)
    renamed = {
        **_worth(number, kind, used),
        "asked": value.pop("asked", kind.asked),
        "order": int(value.pop("order", 1)),
        "with_cross_entropy": value.pop("with", "") == "cross-entropy",
        "asked_of_network": Asked(value.pop("rate", ""), value.pop("parameter", ""), value.pop("conditions", ()),
                                  value.pop("unit", ""), value.pop("sum", "")),
    }  # fmt: skip
    name = source.head.get("set")
    return Problem(
        name.value if name else "",
        number,
        section.title,
        text=section.text,
        place=place,
        places={k: f.place for k, f in used.items()},
        **{**value, **renamed},
    )


def _kind(number: str, place: Place, own: Fields, fields: Fields) -> Kind:
    """The kind of a problem, which has every key that it needs, and none of its own that it does not know."""
    if "kind" not in fields:
        place.fail(f"Problem {number} has no “kind”; the kinds are {listed(KINDS)}.")
    name = fields["kind"].value
    if name not in KINDS:
        fields["kind"].place.fail(
            f"Problem {number}: the kind “{shortened(name)}” is not known{did_you_mean(name, KINDS)}"
            f" The kinds are {listed(KINDS)}."
        )
    kind = KINDS[name]
    for key, given in own.items():
        if key not in kind.keys():
            given.place.fail(
                f"Problem {number}: a problem of kind {name} has no “{key}”; it may have {listed(kind.keys())}."
            )
    for key in kind.needs:
        if key not in fields:
            place.fail(f"Problem {number} has no “{key}”, which a problem of kind {name} needs.")
    return kind


def _options_fit(number: str, kind: Kind, used: Fields) -> None:
    """Options are settled one by one, or, where a person judges, not at all."""
    rulings = tuple(used["options"].value.values()) if "options" in used else ()
    if kind.derive and not all(rulings):
        said = "every option has the claim that settles it, as in “options: {yes: dropout/random, no: not dropout/random}”"
        used["options"].place.fail(f"Problem {number}: {said}.")
    if not kind.derive and any(rulings):
        said = "nothing settles the options of such a problem; they are a list, as in “options: [yes, no]”"
        used["options"].place.fail(f"Problem {number}: {said}.")


def _worth(number: str, kind: Kind, used: Fields) -> dict[str, Any]:
    """Points, what earns them, known mistakes, and the layouts that are accepted."""
    value = {key: f.value for key, f in used.items()}
    layout = value.get("layout", "numerator")
    layouts = value.get("layouts", layout)
    if layouts not in ("both", layout):
        used["layouts"].place.fail(f"Problem {number}: the layout is {layout}, so “layouts” is {layout} or both, not {layouts}.")
    mistakes = tuple(value.get("mistakes", {}).values())
    points = value.get("points", Fraction(1 if kind.derive else 0))
    earns = value.get("earns", usual_earns(points, value.get("asked", ())) if kind.derive else {})
    for part in earns:
        if part not in kind.earning():
            used["earns"].place.fail(f"Problem {number}: “{part}” cannot earn points here; {listed(kind.earning())} can.")
    if (total := earned_sum(earns)) != points:
        used["earns"].place.fail(f"Problem {number}: what “earns” names sums to {total}, and the problem has {_points(points)}.")
    return {"points": points, "earns": earns, "layouts": layouts, "mistakes": mistakes}


def _points(points: Fraction) -> str:
    return "1 point" if points == 1 else f"{points} points"


__all__ = ["read_all", "read_set"]
