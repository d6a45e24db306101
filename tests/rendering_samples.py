"""Answers for the tests of rendering and of the page: one plain, one that holds everything, one hostile, one abstention."""

from rag_commons.answering.draft import DraftStatement, Quote
from rag_commons.answering.ledger import Ledger
from rag_commons.answers import Answer, Timings
from rag_commons.documents import Hit, Page, Passage, passage_id, text_sha256
from rag_commons.licences.provenance import Label, Layer, Provenance

WALLS = (
    "Les remparts du bourg furent relevés après l'incendie de 1702. Le maire de l'époque voulait les abattre. "
    "Une pétition de trois cents habitants les sauva en 1871, et ils servent aujourd'hui de promenade."
)
MILL = (
    "Le moulin à papier employait douze ouvriers. Il ferma lorsque la rivière changea de lit, au printemps de 1840, "
    "et ses meules sont conservées au musée."
)

PLAIN = Provenance(
    title="Les remparts du bourg",
    licence="CC-BY-SA-4.0",
    language="fr",
    authors=("Ada Lenoir",),
    holder="Bibliothèque du bourg",
    collection="Fiches locales",
    url="https://exemple.org/remparts",
    permalink="https://exemple.org/remparts?revision=12",
    issued="2023-05",
    modified="2024-06-01",
    retrieved="2026-11-02",
)
FULL = Provenance(
    title="Le moulin à papier",
    licence="etalab-2.0",
    language="oc",
    authors=("Paul Grès", "Inès Roc"),
    holder="Archives de la vallée",
    collection="Registres",
    url="https://exemple.org/moulin",
    modified="2025-03-09",
    rights_note="Statut vérifié en 2025 ; un doute demeure pour la planche.",
    layers=(Layer("work", "CC-PDM-1.0", ("Jean Papetier",), None, "https://exemple.org/oeuvre"),),
    labels=(Label("https://exemple.org/label/1", "Communauté de la vallée", "À lire avec les anciens."),),
)

SCRIPT = "<script>window.pwned=1</script>"
HANDLER = '"><img src=x onerror="window.pwned=2">'
TEMPLATE = "${window.pwned=3} {{constructor.constructor('window.pwned=4')()}} `${window.pwned=5}`"
BREAKOUT = "</pre></textarea></title></style><svg onload=window.pwned=6>"
DIRECTION = "\u202egnp.exe\u2066"
HOSTILE_TEXT = (
    f"Avant {SCRIPT} puis {HANDLER} et {TEMPLATE}. Une phrase {BREAKOUT} {DIRECTION} finit ici. [lien](javascript:window.pwned=7)"
)
HOSTILE = Provenance(
    title=f"Titre {SCRIPT}{HANDLER}",
    licence="CC-BY-4.0",
    language='fr"><b>',
    authors=(f"Auteur {HANDLER}", f"{TEMPLATE}"),
    holder=f"Institution {BREAKOUT}",
    collection=f"Collection {TEMPLATE}",
    url="javascript:window.pwned=8",
    permalink="JAVASCRIPT:window.pwned=9",
    history_url="data:text/html,<script>window.pwned=10</script>",
    modified='2024"onmouseover="window.pwned=11',
    rights_note=f"Note {SCRIPT}{BREAKOUT}",
    layers=(Layer("work", "CC0-1.0", (HANDLER,), SCRIPT, "vbscript:window.pwned=12"),),
    labels=(Label("javascript:window.pwned=13", SCRIPT, f"{HANDLER} {TEMPLATE}"),),
)


def passage(text: str, document_id: str, number: int = 0, section: str | None = None, page: Page | None = None, start: int = 0) -> Passage:
    sha = text_sha256(text)
    return Passage(passage_id(document_id, sha, number), document_id, number, start, start + len(text), text, sha, section, page)


def hit(rank: int, held: Passage, provenance: Provenance, same_text: tuple[str, ...] = ()) -> Hit:
    return Hit(rank, 1 / rank, held, provenance, 0.5, 1.0, same_text)


def answer_of(
    *quotes: tuple[Hit, str], question: str = "Qui sauva les remparts ?", seen: tuple[Hit, ...] = (), language: str = "fr", **more
) -> Answer:
    """An answer that quotes these words of these hits, numbered and licensed by the ledger as in real use."""
    ledger = Ledger(language)
    drafts = []
    for source, words in quotes:
        start = source.passage.text.index(words)
        drafts.append(DraftStatement(words, (Quote(source, start, start + len(words)),), **more))
    return Answer(
        question=question,
        created="2026-11-24T10:00:00Z",
        index_name="essai",
        index_build="b1",
        statements=ledger.statements(drafts),
        references=ledger.references(),
        seen=seen or tuple(source for source, _ in quotes),
        reuse=ledger.reuse(),
        language=language,
        timings=Timings(12.5, 3.0, 0.4),
    )


WALLS_HIT = hit(1, passage(WALLS, "fiches/remparts", 3, "Les remparts du bourg > La pétition"), PLAIN)
MILL_HIT = hit(
    2, passage(MILL, "registres/moulin", 0, "Le moulin", Page(0, "12", 0.93, "https://exemple.org/p12"), start=40), FULL, ("copie/moulin",)
)
HOSTILE_HIT = hit(
    3, passage(HOSTILE_TEXT, "mal/<x>&1", 1, f"Section {SCRIPT} > {HANDLER}", Page(0, HANDLER, 0.5, "javascript:1")), HOSTILE, (SCRIPT,)
)

SAVED = "Une pétition de trois cents habitants les sauva en 1871, et ils servent aujourd'hui de promenade."
CLOSED = "Il ferma lorsque la rivière changea de lit, au printemps de 1840, et ses meules sont conservées au musée."


def plain_answer(language: str = "fr") -> Answer:
    return answer_of((WALLS_HIT, SAVED), (MILL_HIT, CLOSED), seen=(WALLS_HIT, MILL_HIT, HOSTILE_HIT), language=language)


def hostile_answer(language: str = "fr") -> Answer:
    return answer_of((HOSTILE_HIT, HOSTILE_TEXT), (WALLS_HIT, SAVED), question=f"Question {SCRIPT}{HANDLER}{TEMPLATE}", language=language)


def abstention(language: str = "fr") -> Answer:
    return Answer(
        question="Combien de ponts compte le bourg ?",
        created="2026-11-24T10:00:00Z",
        index_name="essai",
        index_build="b1",
        seen=(WALLS_HIT, MILL_HIT),
        language=language,
        reason="Les passages trouvés ne répondent pas à cette question.",
    )
