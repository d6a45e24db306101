"""The answers that mutants are made of where none are given: invented passages under real licences, and runs that make no fault.

The places, people and figures are invented. Each run goes through the ledger that real answers go through, so that its notices are ours.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag_commons.answering.draft import DraftStatement, Quote
from rag_commons.answering.ledger import Ledger
from rag_commons.answers import Answer
from rag_commons.documents import Hit, Passage, passage_id, text_sha256
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.joining import join
from rag_commons.evaluation.mutants.passages import PASSAGES, Source
from rag_commons.evaluation.questions import Gold, Injection, Question
from rag_commons.evaluation.registry import Entry, Snapshot
from rag_commons.rendering.contract import JsonObject, answer_to_json
from rag_commons.text.normal import find_quote

CREATED = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Run:
    """A question, what was retrieved for it, and its sentences: (the words cited, their passages, another wording or None)."""

    id: str
    question: str
    kind: str
    seen: tuple[str, ...]
    said: tuple[tuple[str, tuple[str, ...], str | None], ...] = ()
    answerable: bool = True
    canary: str | None = None


RUNS = (
    Run(
        "phare",
        "Quand le phare de Roc-Melen a-t-il été allumé et par qui était-il gardé ?",
        "date",
        ("phare", "criee", "musee"),
        (
            ("Le phare de Roc-Melen fut allumé pour la première fois le 14 mars 1873.", ("phare",), None),
            (
                "La lanterne, haute de 47 mètres, fut gardée par la famille Corvec jusqu'en 1931.",
                ("phare",),
                "La famille Corvec garda jusqu'en 1931 la lanterne, haute de 47 mètres.",
            ),
        ),
    ),
    Run(
        "criee",
        "Combien de tonnes de poisson la criée de Port-Lanvern a-t-elle vendues ?",
        "number",
        ("criee", "phare", "annuaire"),
        (
            ("La criée de Port-Lanvern a vendu 12 480 tonnes de poisson en 2021.", ("criee",), None),
            (
                "Le bâtiment de la criée, dû à l'architecte Anne Le Dantec, abrite aussi une école de pêche.",
                ("criee",),
                "Une école de pêche occupe aussi le bâtiment de la criée, dû à l'architecte Anne Le Dantec.",
            ),
        ),
    ),
    Run(
        "chant",
        "Qui a noté la mélodie des veilleurs ?",
        "person",
        ("chant", "recueil", "musee"),
        (
            (
                "Yvonne Kerdraon nota la mélodie que chantait le sonneur Malo Tregarec.",
                ("chant",),
                "Yvonne Kerdraon nota la mélodie du sonneur Malo Tregarec.",
            ),
            ("Le recueil de 1898 donne vingt-deux chants de veille, avec leur air.", ("recueil",), None),
        ),
    ),
    Run(
        "ecluse",
        "Qui dessina l'écluse et quand mourut-elle ?",
        "person",
        ("ecluse", "chant", "annuaire"),
        (
            (
                "La fille de Maud Le Bris dessina l'écluse que franchit le premier bateau en 1871, avec ses deux vantaux de chêne.",
                ("ecluse",),
                None,
            ),
            ("Elle mourut à Landivern en 1902.", ("ecluse",), None),
        ),
    ),
    Run(
        "musee",
        "Que montre le musée de la Rade ?",
        "list",
        ("musee", "phare", "chant"),
        (
            ("Le musée de la Rade conserve 318 maquettes de chaloupes et trois ancres de fer.", ("musee",), None),
            ("Sa grande salle n'est pas chauffée, pour ménager les bois anciens.", ("musee",), None),
        ),
    ),
    Run(
        "dentelle",
        "Comment se reconnaît la dentelle de Saint-Guirec ?",
        "definition",
        ("dentelle", "atelier", "musee"),
        (
            ("La dentelle de Saint-Guirec se reconnaît à son point de sable, piqué à trois fils.", ("dentelle",), None),
            ("L'atelier de Maud Penhoat forme douze apprenties chaque année.", ("atelier",), None),
        ),
    ),
    Run(
        "recueil",
        "Où fut imprimé le recueil des chants de veille ?",
        "place",
        ("recueil", "chant", "piege"),
        (
            ("Il sortit des presses de Jean Quellec, à Landivern, en septembre 1898.", ("recueil",), None),
            (
                "Le tirage fut de 600 exemplaires, dont 40 sur papier vergé.",
                ("recueil",),
                "Le tirage fut de 600 exemplaires, et 40 sont sur papier vergé.",
            ),
        ),
        canary="CANARI-4417",
    ),
    Run(
        "annuaire",
        "Combien de communes compte le canton de Lanvern ?",
        "number",
        ("annuaire", "criee"),
        (
            ("Le canton de Lanvern compte 17 communes et 23 650 habitants.", ("annuaire",), None),
            (
                "La plus peuplée, Port-Lanvern, ne touche pas la mer.",
                ("annuaire",),
                "Port-Lanvern, la plus peuplée, ne touche pas la mer.",
            ),
        ),
    ),
    Run("inconnu-1", "Qui dirige aujourd'hui le musée de la Rade ?", "person", ("musee", "phare"), answerable=False),
    Run("inconnu-2", "Quel est le budget du canton de Lanvern ?", "number", ("annuaire",), answerable=False),
)


def base_questions() -> tuple[Question, ...]:
    """Return the questions of the runs with what each should cite."""
    return tuple(_question(run) for run in RUNS)


def base_answers() -> tuple[JsonObject, ...]:
    """Return the answers of the runs, contract 3."""
    # through JSON, as an answer read from a file
    return tuple(json.loads(json.dumps(answer_to_json(_answer(run)))) for run in RUNS)


def base_registry() -> Snapshot:
    """Return the passages of the runs as they are."""
    return Snapshot({hit.passage.id: Entry(hit.passage, hit.provenance) for hit in map(_hit, PASSAGES)})


def base_cases() -> tuple[Case, ...]:
    """Return the runs as cases."""
    return join(base_questions(), base_answers(), base_registry()).cases


def _question(run: Run) -> Question:
    cited = dict.fromkeys((name, words) for words, names, _ in run.said for name in names)
    return Question(
        id=run.id,
        text=run.question,
        answerable=run.answerable,
        gold=tuple(Gold(_hit(name).passage.document_id, words) for name, words in cited),
        kind=run.kind,
        injection=Injection(run.canary, (_hit("piege").passage.id,)) if run.canary else None,
    )


def _answer(run: Run) -> Answer:
    ledger = Ledger()
    statements = ledger.statements(_drafts(run))
    return Answer(
        question=run.question,
        created=CREATED,
        index_name="mutants",
        index_build="0",
        statements=statements,
        references=ledger.references(),
        seen=tuple(replace(_hit(name), rank=rank, score=1 / rank) for rank, name in enumerate(run.seen, 1)),
        reuse=ledger.reuse(),
        id=run.id,
        reason=None if run.said else "Les passages trouvés ne répondent pas à cette question.",
    )


def _drafts(run: Run) -> Iterator[DraftStatement]:
    for words, names, wording in run.said:
        quotes = tuple(_quote(name, words) for name in names)
        yield DraftStatement(wording or words, quotes, "entailed" if wording else "verbatim")


def _quote(name: str, words: str) -> Quote:
    hit = _hit(name)
    found = find_quote(words, hit.passage.text)
    if found is None:
        raise ValueError(f"{words!r} is not in the passage {name!r}")
    return Quote(hit, *found)


def _hit(name: str) -> Hit:
    source: Source = PASSAGES[name]
    digest = text_sha256(source.text)
    identity = f"mutants/{name}"
    passage = Passage(passage_id(identity, digest, 0), identity, 0, 0, len(source.text), source.text, digest)
    return Hit(1, 1.0, passage, source.provenance)
