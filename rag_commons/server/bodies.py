"""What a client may send: questions and filters, checked here and turned into our own types."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rag_commons.answering.links import LONGEST_NAME, LONGEST_QUESTION, MOST_NAMES
from rag_commons.answers import Mode
from rag_commons.licences.combination import Permission
from rag_commons.licences.wording import Lang
from rag_commons.retrieval.filters import Filters

MOST_HITS = 50

QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION),
    Field(description="La question, ou les mots à chercher.", examples=["Y a-t-il un dépôt légal national en Suisse ?"]),
]
Names = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]],
    Field(max_length=MOST_NAMES, description="Identifiants exacts ; plusieurs sont des alternatives."),
]
Uses = Annotated[list[Permission], Field(max_length=2, description="Seulement ce dont les droits permettent ces usages.")]
Year = Annotated[
    Annotated[int, Field(ge=0, le=9999)] | None,
    Field(description="Année de publication, ou de mise à jour ; ce qui est sans date est écarté."),
]
ReadingMode = Annotated[
    Mode | None,
    Field(
        description="`extractive` : des phrases mot pour mot ; `generative` : rédigée par le modèle de langue du serveur, s'il en a un, "
        "chaque phrase vérifiée. Sans valeur : le modèle, où il y en a un."
    ),
]
HitCount = Annotated[int, Field(ge=1, le=MOST_HITS, description="Nombre de passages.")]


class FiltersBody(BaseModel):
    """What a question may be answered from."""

    model_config = ConfigDict(extra="forbid")

    licences: Names = []
    collections: Names = []
    holders: Names = []
    languages: Names = []
    allow: Uses = []
    since: Year = None
    until: Year = None

    def filters(self) -> Filters:
        """Return our own filters."""
        return Filters(
            licences=tuple(self.licences),
            collections=tuple(self.collections),
            holders=tuple(self.holders),
            languages=tuple(self.languages),
            allow=tuple(self.allow),
            years=(self.since, self.until),
        )


class AskBody(FiltersBody):
    """A question."""

    question: QuestionText
    language: Annotated[Lang, Field(description="Langue des mentions et des obligations.")] = "fr"
    mode: ReadingMode = None


class SearchBody(FiltersBody):
    """A search."""

    question: QuestionText
    language: Annotated[Lang, Field(description="Langue des mentions.")] = "fr"
    k: HitCount = 8
