"""What the tests of a server that writes share: a passage of the sample, and what the model says of it."""

import re
import threading
import time

from llm_server import in_pieces

QUESTION = "Y a-t-il un dépôt légal national en Suisse ?"
KEPT = (
    "La Suisse n'a pas de dépôt légal obligatoire à l'échelle fédérale\xa0: la Bibliothèque nationale suisse reçoit les livres en vertu "
    "d'accords passés avec les éditeurs."
)
# the passage says « Quelques cantons, dont Vaud, Fribourg et Genève, imposent leur propre dépôt légal. »
ALTERED = "Quelques cantons, dont Vaud, Fribourg et Zurich, imposent leur propre dépôt légal."
REPAIRED = "Quelques cantons, dont Vaud, Fribourg et Genève, imposent leur propre dépôt légal."
REWORDED = "Quelques cantons imposent leur propre dépôt légal."
INVENTED = "Le franc fut frappé en 1850 par la Confédération."
TOLD = "3 phrases proposées par le modèle de langue : 1 gardée, 1 remplacée par les mots d'un passage, 1 écartée faute de soutien."


def reply(asked, between=()):
    """A true sentence, one with a false name, one that nothing supports; `between` stands after the first."""
    key = _key(asked)
    return [*in_pieces(f"{KEPT} [{key}]\n"), *between, *in_pieces(f"{ALTERED} [{key}]\n{INVENTED} [{key}]\n")]


def reworded(asked):
    """A true sentence, and one in other words than the passage's."""
    key = _key(asked)
    return in_pieces(f"{KEPT} [{key}]\n{REWORDED} [{key}]\n")


def _key(asked):
    return re.findall(r"=== DÉBUT (p[0-9a-f]{6}) ", asked.prompt[: asked.prompt.index(KEPT)])[-1]


def held(gate: threading.Event):
    """The same reply, that stops after its first sentence until the gate opens."""
    return lambda asked: reply(asked, [gate])


def endless(nothing=False):
    """The same reply, that never ends, and an event that tells when nobody listens to it any more; or, as long, nothing."""
    gone = threading.Event()

    class Said(list):
        def __init__(self, asked):
            super().__init__([""])
            self._asked = asked

        def __iter__(self):
            try:
                yield from () if nothing else reply(self._asked)
                while True:
                    time.sleep(0.01)
                    # too many words would end it
                    yield ""
            finally:
                gone.set()

    return Said, gone
