"""The optional judge in the report: how it was held against people, and what it says, which is shown only once it has passed."""

from collections.abc import Mapping

from rag_commons.evaluation.judges.calibration import KAPPA_GAP, LEAST_AUROC, Agreement, Calibration
from rag_commons.evaluation.judges.support import NAMES, Estimated, Supported
from rag_commons.evaluation.page.tables import table
from rag_commons.evaluation.page.words import both, figure
from rag_commons.rendering.escaping import escape_line

_READINGS = {
    "J1P": ("appui moyen des renvois (TREC RAG)", "mean support of citations (TREC RAG)"),
    "J1R": ("appui moyen des phrases (TREC RAG)", "mean support of statements (TREC RAG)"),
    "J2P": ("renvois utiles à des phrases soutenues (ALCE)", "citations that statements need (ALCE)"),
    "J2R": ("phrases soutenues par tout ce qu'elles citent (ALCE)", "statements supported by all that they cite (ALCE)"),
}
_CORRECTED = ("J1P, l'erreur du juge ôtée (PPI)", "J1P, the judge's error taken out (PPI)")
_AGREEMENTS = {
    "kappa": ("κ avec les personnes", "κ with people"),
    "balanced_accuracy": ("exactitude équilibrée", "balanced accuracy"),
    "none_precision": ("« non soutenu » : précision", "“unsupported”: precision"),
    "none_recall": ("« non soutenu » : rappel", "“unsupported”: recall"),
    "role_drift": ("AUROC, phrase contre rôles échangés", "AUROC, statement against swapped roles"),
}
_TESTS = {
    "swapped": ("phrase et passage échangés", "statement and passage exchanged"),
    "empty": ("passage vide", "empty passage"),
    "other": ("passage d'une autre paire", "passage of another pair"),
    "injected": ("autre passage, qui ordonne de tout accepter", "another passage, which orders to accept all"),
    "identity": ("la phrase pour passage", "the statement as its passage"),
}


def judge_html(found: Calibration, judged: Mapping[str, Supported]) -> str:
    """Return what was found of a judge and, where it passed, what it says of each run."""
    people = f"{len(found.annotators)}, κ {_plain(found.human_kappa)}, α {_plain(found.human_alpha)}"
    said = both(
        f"{found.name} ({found.fingerprint}), tenu contre {found.labelled} paires étiquetées, dont {found.tested} mises de côté pour "
        f"mesurer ; personnes : {people.replace('.', ',')}. Montré si son accord n'est pas moindre que celui des personnes de plus de "
        f"{KAPPA_GAP:.2f}, et s'il voit les rôles échangés (AUROC ≥ {LEAST_AUROC:.2f}).",
        f"{found.name} ({found.fingerprint}), held against {found.labelled} labelled pairs, {found.tested} of them kept apart to "
        f"measure; people: {people}. Shown if it agrees no less than people do by more than {KAPPA_GAP:.2f}, and sees swapped roles "
        f"(AUROC ≥ {LEAST_AUROC:.2f}).",
        "p",
    )
    verdict = _figures(judged) if found.calibrated else _refused(found)
    return said + verdict + _agreements(found) + _falsified(found)


def _refused(found: Calibration) -> str:
    reasons = "".join(f"<li>{both(french, english)}</li>" for french, english in found.reasons)
    verdict = both("Juge non calibré : ses chiffres ne sont pas montrés.", "Judge not calibrated: its figures are not shown.")
    return f'<p class="bad">{verdict}</p><ul>{reasons}</ul>'


def _figures(judged: Mapping[str, Supported]) -> str:
    rows = [
        [f"<strong>{name}</strong> {both(*_READINGS[name])}", *(_estimate(one.figures[name]) for one in judged.values())] for name in NAMES
    ]
    rows.append([both(*_CORRECTED), *(_estimate(one.corrected) for one in judged.values())])
    head = ["", *map(escape_line, judged)]
    return table(("En pour cent, intervalle à 95 %", "In per cent, 95 % interval"), head, rows, range(1, len(head))) if judged else ""


def _agreements(found: Calibration) -> str:
    def cell(agreement: Agreement, name: str) -> str:
        value: float | None = getattr(agreement, name)
        return _number(value)

    rows = [[both(*words), cell(found.judge, name), cell(found.words, name)] for name, words in _AGREEMENTS.items()]
    head = ["", escape_line(found.name), both("mots seuls (KP + HF)", "words alone (KP + HF)")]
    return table(("Accord, sur la moitié mise de côté", "Agreement, on the half kept apart"), head, rows, (1, 2))


def _falsified(found: Calibration) -> str:
    rows = [[both(*_TESTS[name]), figure(share) if count else "–", str(count)] for name, (share, count) in found.falsified.items()]
    caption = ("Épreuves : le juge ne doit rien accepter, sauf l'identité", "Tests: the judge must accept nothing, save identity")
    return table(caption, ["", "%", "n"], rows, (1, 2))


def _estimate(found: Estimated | None) -> str:
    if found is None:
        return "–"
    value, low, high = found
    return f'{figure(value)} <span class="muted">[{figure(low)} ; {figure(high)}]</span>'


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _number(value: float | None) -> str:
    """Return a figure with a comma in French and a point in English."""
    return both(_plain(value).replace(".", ","), _plain(value))
