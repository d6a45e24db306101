"""Tables of the report: measures, groups, failures, fields of notices, gaps between runs, mutants."""

from collections.abc import Iterable, Mapping, Sequence

from rag_commons.evaluation.measures.measure import Measure
from rag_commons.evaluation.measures.table import MEASURES
from rag_commons.evaluation.mutants.matrix import Row
from rag_commons.evaluation.page.words import FAILURES, FIELDS, STATUSES, WAYS, both, figure, percent
from rag_commons.evaluation.run import Run, gaps
from rag_commons.evaluation.scoring import Estimate
from rag_commons.rendering.escaping import escape_line

_OF_GROUPS = ("strict", "QF", "HF", "AC", "LC", "GP", "J")
_OF_GAPS = ("strict", "sound", "CV", "COV", "QF", "HF", "REL", "AC", "LC", "GP", "J")


def table(caption: tuple[str, str], head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """Return a table; cells are HTML already, `numbers` are the columns of figures."""
    right = frozenset(numbers)
    classes = [' class="n"' if at in right else "" for at in range(len(head))]
    heading = "".join(f'<th scope="col"{one}>{cell}</th>' for one, cell in zip(classes, head, strict=True))
    body = "".join("<tr>" + "".join(f"<td{one}>{cell}</td>" for one, cell in zip(classes, row, strict=True)) + "</tr>" for row in rows)
    inner = f"<caption>{both(*caption)}</caption><thead><tr>{heading}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table>{inner}</table></div>'


def measures_table(measures: Sequence[Measure], runs: Sequence[Run]) -> str:
    """Return the value of each measure for each run, with what the figure means."""
    head = ["", *(escape_line(run.system) for run in runs), both("Ce que dit ce chiffre", "What this figure means")]
    rows = [
        [
            f"<strong>{one.id}</strong> {both(one.name_fr, one.name_en)}",
            *(_value(run.table[one.id]) for run in runs),
            both(one.reading_fr, one.reading_en),
        ]
        for one in measures
    ]
    caption = ("En pour cent, intervalle à 95 % entre crochets", "In per cent, 95 % interval in brackets")
    return table(caption, head, rows, range(1, len(runs) + 1))


def groups_tables(run: Run) -> str:
    """Return the measures by licence, collection, language and kind of question."""
    parts = []
    for way, found in run.groups.items():
        if found:
            rows = [
                [escape_line(name), str(cases), *(figure(estimates[one].value) for one in _OF_GROUPS)]
                for name, (cases, estimates) in found.items()
            ]
            parts.append(table(WAYS[way], ["", "n", *_OF_GROUPS], rows, range(1, 2 + len(_OF_GROUPS))))
    return "".join(parts)


def failures_table(run: Run) -> str:
    """Return the quotes that are not those of their passage, by class."""
    rows = [[both(*FAILURES[name]), str(run.failures.get(name, 0))] for name in FAILURES]
    return table(("Citations infidèles, par classe", "Unfaithful quotes, by class"), ["", "n"], rows, (1,))


def fields_table(run: Run) -> str:
    """Return how often each field of a notice was shown where it is required."""
    rows = [[both(*FIELDS[name]), f"{shown} / {asked}"] for name, (shown, asked) in run.fields.items()]
    head = ["", both("montré / exigé", "shown / required")]
    return table(("Champs des mentions", "Fields of notices"), head, rows, (1,)) if rows else ""


def gaps_table(runs: Sequence[Run]) -> str:
    """Return the gap of each run to the first, paired over the questions that both answered."""
    found = gaps(runs, _OF_GAPS)
    rows = [[escape_line(system), *(_gap(row.get(one)) for one in _OF_GAPS)] for system, row in found.items()]
    first = runs[0].system
    caption = (
        f"Écart à {first}, en points, apparié par question ; en gras quand l'intervalle à 95 % exclut 0",
        f"Gap to {first}, in points, paired by question; bold where the 95 % interval excludes 0",
    )
    return table(caption, ["", *_OF_GAPS], rows, range(1, 1 + len(_OF_GAPS)))


def earlier_table(earlier: Mapping[str, Mapping[str, float | None]], runs: Sequence[Run]) -> str:
    """Return the values of an earlier evaluation above those of this one."""
    rows = [[escape_line(name), *(figure(values.get(one)) for one in _OF_GAPS)] for name, values in earlier.items()]
    rows += [[escape_line(run.system), *(figure(run.table[one].value) for one in _OF_GAPS)] for run in runs]
    caption = ("Évaluation antérieure et présente, en pour cent", "Earlier and present evaluation, in per cent")
    return table(caption, ["", *_OF_GAPS], rows, range(1, 1 + len(_OF_GAPS)))


def mutants_table(rows: Sequence[Row]) -> str:
    """Return what became of each mutant."""
    head = [both("Mutant", "Mutant"), both("Verdict", "Verdict"), both("Réponses", "Answers"), both("Ce qui bouge", "What moves")]
    cells = [
        [
            both(row.mutant.what_fr, row.mutant.what_en),
            f'<span class="{"" if row.good else "bad"}">{both(*STATUSES[row.status])}</span>',
            str(row.cases),
            escape_line(", ".join(f"{name} {percent(old)} → {percent(new)}" for name, (old, new) in row.moved.items()) or "–"),
        ]
        for row in rows
    ]
    caption = (
        "Chaque mutant gâte des réponses d'une seule façon ; les mesures visées doivent bouger, et elles seules",
        "Each mutant spoils answers in one way; the measures it aims at must move, and no other",
    )
    return table(caption, head, cells, (2,))


def definitions_table() -> str:
    """Return the definition, formula and source of every measure."""
    head = ["", both("Définition", "Definition"), both("Formule", "Formula"), both("Origine", "Source"), both("Idéal", "Best")]
    rows = [
        [
            f"<strong>{one.id}</strong>",
            both(one.definition_fr, one.definition_en),
            f"<code>{escape_line(one.formula)}</code>",
            escape_line(one.source),
            f"{one.perfect:g}",
        ]
        for one in MEASURES
    ]
    return table(("Ce que compte chaque mesure", "What each measure counts"), head, rows, (4,))


def _value(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    if estimate.low is None:
        return figure(estimate.value)
    return f'{figure(estimate.value)} <span class="muted">[{figure(estimate.low)} ; {figure(estimate.high)}]</span>'


def _gap(gap: tuple[float, float, float] | None) -> str:
    if gap is None:
        return "–"
    value, low, high = gap
    plain = f"{100 * value:+.1f}"
    said = both(plain.replace(".", ","), plain)
    return f"<strong>{said}</strong>" if low > 0 or high < 0 else said
