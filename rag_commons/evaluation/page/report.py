"""The page: headline, a plot and a table for each group, comparisons, worst cases, the matrix, definitions."""

from collections.abc import Mapping
from importlib.resources import files

from rag_commons.evaluation.measures.table import MEASURES
from rag_commons.evaluation.page import tables
from rag_commons.evaluation.page.cases import cases_html
from rag_commons.evaluation.page.judge import judge_html
from rag_commons.evaluation.page.plots import Bar, bars
from rag_commons.evaluation.page.words import GROUPS, NOTHING_TO_MEASURE, both, figure
from rag_commons.evaluation.results import Evaluation
from rag_commons.evaluation.run import Run
from rag_commons.rendering.escaping import escape_line

Earlier = Mapping[str, Mapping[str, float | None]]

_WORST = 10


def report_html(evaluation: Evaluation, earlier: Earlier | None = None) -> str:
    """Return the whole page; `earlier` holds the values of former runs, by name and measure."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    title = f"rag-commons · {evaluation.suite}"
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape_line(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        '<input class="lang" type="radio" name="lang" id="lang-fr" checked aria-label="Français">'
        '<input class="lang" type="radio" name="lang" id="lang-en" aria-label="English">\n'
        '<p class="switch"><label for="lang-fr" lang="fr">Français</label><label for="lang-en" lang="en">English</label></p>\n'
        f"<main>\n{_head(evaluation)}{_body(evaluation, earlier or {})}</main>\n</body>\n</html>\n"
    )


def _head(evaluation: Evaluation) -> str:
    index = f"{evaluation.index_name} ({evaluation.index_build})" if evaluation.index_name else "–"
    facts = f"{evaluation.suite} · {evaluation.questions} questions · {evaluation.created} · index {index}"
    return f"<h1>{both('Fidélité de l’attribution', 'Attribution fidelity')}</h1><p class=muted>{escape_line(facts)}</p>"


def _body(evaluation: Evaluation, earlier: Earlier) -> str:
    runs = evaluation.runs
    parts = [_headline(runs), *(_group(name, runs) for name in GROUPS if name != "headline")] if runs else []
    if len(runs) > 1 or (earlier and runs):
        parts.append(_section("Comparaison", "Comparison", _comparison(runs, earlier)))
    for run in runs:
        own = f" : {run.system}" if len(runs) > 1 else ""
        detail = tables.failures_table(run) + tables.fields_table(run) + tables.groups_tables(run)
        parts.append(_section(f"Détail{own}", f"Details{own}", detail))
        worst = cases_html(run.worst(_WORST)) or f"<p>{both('Aucune faute.', 'No fault.')}</p>"
        parts.append(_section(f"Les pires cas{own}", f"The worst cases{own}", worst))
    if evaluation.judge is not None:
        parts.append(_section("Juge optionnel", "Optional judge", judge_html(evaluation.judge, evaluation.judged)))
    if evaluation.mutants is not None:
        parts.append(_section("La preuve que ces mesures savent échouer", "The proof that these measures can fail", _matrix(evaluation)))
    parts.append(_section("Définitions", "Definitions", tables.definitions_table()))
    return "".join(parts)


def _section(french: str, english: str, inner: str) -> str:
    return f"<section><h2>{both(french, english)}</h2>{inner}</section>\n"


def _headline(runs: tuple[Run, ...]) -> str:
    figures = "".join(_figure(run) for run in runs)
    meaning = both(
        "Passage strict : la part des réponses où chaque renvoi existe, chaque citation est exacte, chaque fait vient de la source, "
        "et chaque licence est juste, créditée et respectée, et où rien ne manque pour le vérifier. Une abstention n'y compte pas. "
        "« À la forme près » : les mêmes mesures, sans exiger les mots cités, leur place et l'empreinte des passages.",
        "Strict pass: the share of answers in which every marker exists, every quote is exact, every fact comes from the source, and "
        "every licence is right, credited and respected, with nothing missing that proves it. An abstention does not count. "
        "“Form aside”: the same measures, without asking for the quoted words, their place and the digests of passages.",
        "p",
    )
    return f'<section><div class="headline">{figures}</div>{meaning}</section>\n'


def _figure(run: Run) -> str:
    found = run.table["strict"]
    interval = f"[{figure(found.low)} ; {figure(found.high)}]<br>" if found.low is not None else ""
    sound = run.table["sound"]
    form = f"{both('à la forme près :', 'form aside:')} {figure(sound.value)} %<br>" if sound.value is not None else ""
    counted = both(
        f"{found.cases} réponses comptées, dont {run.unanswered} questions sans réponse ; {run.malformed} lignes illisibles",
        f"{found.cases} answers counted, {run.unanswered} of them questions without an answer; {run.malformed} unreadable lines",
    )
    return f"<p>{escape_line(run.system)}<strong>{figure(found.value)} %</strong>{interval}{form}<span class=muted>{counted}</span></p>"


def _group(name: str, runs: tuple[Run, ...]) -> str:
    measures = [measure for measure in MEASURES if measure.group == name]
    rows = []
    for measure in measures:
        for number, run in enumerate(runs):
            found = run.table[measure.id]
            label = measure.id if len(runs) == 1 else f"{measure.id} {run.system}"
            rows.append(Bar(label, found.value, found.low, found.high, number))
    french, english = GROUPS[name]
    drawn = bars(french, rows) if any(row.value is not None for row in rows) else both(*NOTHING_TO_MEASURE[name], "p")
    return _section(french, english, drawn + tables.measures_table(measures, runs))


def _comparison(runs: tuple[Run, ...], earlier: Earlier) -> str:
    gaps = tables.gaps_table(runs) if len(runs) > 1 else ""
    return gaps + (tables.earlier_table(earlier, runs) if earlier else "")


def _matrix(evaluation: Evaluation) -> str:
    rows = evaluation.mutants or ()
    good = sum(row.good for row in rows)
    said = both(f"{good} mutants sur {len(rows)} se comportent comme annoncé.", f"{good} of {len(rows)} mutants behave as stated.", "p")
    return said + tables.mutants_table(rows)
