"""Languages identified where a source does not say, and `und` where the detector is known to be wrong."""

import pytest

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.provenance import Provenance
from rag_commons.sources.language_identification import identify, identify_language

TOLD = {
    "fr": "La commune compte trois écoles et un marché couvert, ouvert le samedi matin.",
    "en": "The mill stood by the river and the children came to see it turn every morning.",
    "de": "Die Mühle stand am Ufer des Flusses, und die Kinder kamen jeden Morgen, um zu sehen, wie sie sich dreht.",
    "oc": "Lo molin virava al bòrd de la ribièra e los dròlles venián cada matin per lo véser.",
    "br": "Ar vilin a droe war vord ar stêr hag ar vugale a zeue bemdez da welet anezhi.",
    "eu": "Errota ibaiaren ertzean zegoen eta haurrak goizero etortzen ziren ikustera.",
    "ca": "El molí girava a la vora del riu i els nens venien cada matí a veure'l.",
    "wa": "Li walon, c' est on lingaedje ki s' djåze dins l' payis, eyet les djins l' sicrîhèt co todi.",
    "la": "In principio huius operis de rebus gestis nostris narrare volumus, ut posteri memoriam earum servent.",
}
# Corsican, Wolof, Inuktitut in both scripts, Picard, Norman, Arpitan, Tahitian, Alsatian, Mauritian, Réunion's Creole, Fon
UNTOLD = (
    "L'isula hè una terra muntagnosa chì si alza da u mare, è a so lingua hè parlata in e famiglie da parechji seculi.",
    "Nit ñi dañuy jàng làkk wi ci daara ji, te xale yi dañuy bind bu baax. Dëkk bi dafa rafet lool te amna ay nit yu bari.",
    "ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ ᓄᓇᕗᒻᒥ ᐅᖃᐅᓯᐅᕗᖅ ᐊᒻᒪᓗ ᐃᓕᓐᓂᐊᕐᕕᖕᓂ ᐅᖃᐅᓯᐅᕗᖅ.",
    "Inuktitut uqausiq nunavummi uqausiuvuq ammalu ilinniarvingni inuit uqausinginni.",
    "Ch'picard ch'est eune langue qu'in parle din ch'nord, et ches gins i racontent des histoires din leu parlache.",
    "Lé normaund est eune laungue qué no pale en Normaundie, et les gens la pâlent aco dauns les vilages.",
    "Lo patouès est na lengoua que se parle dens les vâls, et les gens la parlont adés u velâjo.",
    "Te reo tahiti, e reo ïa e parauhia nei i te fenua nei, e te haapiihia nei i te haapiiraa.",
    "Elsassisch isch e Sproch wo d'Lit im Elsass rede, un d'Kinder lehre's deheim.",
    "Kreol morisien li enn lang ki dimounn koze dan lil Moris, ek bann zanfan aprann li lekol.",
    "Kréol rénioné sé in lang domoun i koz dann péi La Rényon, epi bann marmay i aprann ali lékol.",
    "Fɔngbe nyí gbè e mɛ lɛ nɔ dó ɖò Benɛ tò ɔ mɛ é.",
    "1912, 1913, 1914",
    "Le puits.",
    "",
)


@pytest.mark.parametrize("language", TOLD)
def test_languages_that_can_be_told(language):
    assert identify_language(TOLD[language]) == language


@pytest.mark.parametrize("text", UNTOLD)
def test_what_cannot_be_told_is_undetermined(text):
    assert identify_language(text) == "und"


def test_long_text_in_two_languages_is_undetermined():
    assert identify_language((TOLD["fr"] + "\n") * 60) == "fr"
    assert identify_language((TOLD["fr"] + "\n") * 60 + (TOLD["br"] + "\n") * 60) == "und"


def test_only_what_the_source_does_not_say():
    refused = DocumentRefused("empty-text", "a", "b", "c")
    given = Document("a", TOLD["fr"], Provenance("A", "CC0-1.0", language="oc"))
    items = list(identify([given, refused, Document("b", TOLD["br"], Provenance("B", "CC0-1.0"))]))
    assert items[0] is given and items[1] is refused and items[2].provenance.language == "br"
