"""The rules a second time, as naively as possible: no shared code, no cleverness.

Rows are plain dictionaries. Property tests hold the program against this.
"""

from __future__ import annotations

from decimal import Decimal

FAR = 10**9


def holds(rows, day, seq, *, only=None):
    """The row that holds, found by walking through the ledger in the order of recording."""
    standing = []
    for row in sorted(rows, key=lambda r: r["seq"]):
        if row["seq"] > seq or (only is not None and row["id"] not in only):
            continue
        standing = [old for old in standing if old["id"] != row["replaces"]]
        if not row["void"]:
            standing.append(row)
    best = None
    for row in standing:
        if row["true_from"] > day:
            continue
        if best is None or row["true_from"] >= best["true_from"]:
            best = row  # later in recording order wins a tie
    return best


def confirmed_only(reviews, seq):
    """Ids of results whose last review by `seq` is a confirmation."""
    last = {}
    for review in sorted(reviews, key=lambda r: r["seq"]):
        if review["seq"] <= seq:
            for result_id in review["ids"]:
                last[result_id] = review["confirms"]
    return {result_id for result_id, confirms in last.items() if confirms}


def criterion(found, conclusion):
    """Outcome of a criterion: `found` maps indicator → row or None, `conclusion` a row or None."""
    if conclusion is not None:
        later = [
            row
            for row in found.values()
            if row is not None
            and (row["true_from"], row["seq"]) > (conclusion["true_from"], conclusion["seq"])
        ]
        if not later:
            return conclusion["verdict"]
    verdicts = ["not_assessed" if row is None else row["verdict"] for row in found.values()]
    if not verdicts:
        return "not_assessed"
    if "not_met" in verdicts:
        return "not_met"
    if "not_assessed" in verdicts:
        return "not_assessed"
    if all(verdict == "not_applicable" for verdict in verdicts):
        return "not_applicable"
    return "met"


def commune(criteria, na_counts_as_met):
    """(met, of, known) of one commune from its criterion outcomes."""
    met = 0
    of = 0
    known = False
    for outcome in criteria.values():
        if outcome != "not_assessed":
            known = True
        if outcome == "not_applicable":
            if na_counts_as_met:
                met += 1
                of += 1
        else:
            of += 1
            if outcome == "met":
                met += 1
    return met, of, known


def province(communes, top, cuts):
    """Totals from a list of (met, known): communes, criteria met, average, bracket counts."""
    total = 0
    known = 0
    brackets = {}
    for met, is_known in communes:
        if not is_known:
            brackets["unknown"] = brackets.get("unknown", 0) + 1
            continue
        known += 1
        total += met
        floor = max([cut for cut in cuts if cut <= met and cut <= top], default=0)
        brackets[floor] = brackets.get(floor, 0) + 1
    average = Decimal(total) / Decimal(len(communes)) if known else None
    return {"communes": len(communes), "met": total, "average": average, "brackets": brackets}


FAILS = {
    ">=": lambda value, level: value < level,
    "<=": lambda value, level: value > level,
    "<": lambda value, level: value >= level,
    ">": lambda value, level: value <= level,
    "=": lambda value, level: value != level,
    "yes": lambda value, level: value != level,
}


def verdict(values, levels):
    """met / not_met / not_assessed from values and (sign, level) by part."""
    missing = False
    for part, (sign, level) in levels.items():
        if part not in values:
            missing = True
        elif FAILS[sign](values[part], level):
            return "not_met"
    return "not_assessed" if missing else "met"
