"""French words that say nothing of a passage's subject: grammar, être and avoir, and the words that ask a question.

Left out on purpose, since they are also nouns: été (summer), or (gold), point. Each word is written with its accents and,
where people often leave them out, without.
"""

ELISIONS = frozenset("l d j m t s n c ç qu jusqu lorsqu puisqu quoiqu parce quelqu".split())

_ARTICLES = "le la les un une des du de au aux l d"
_DETERMINERS = "ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs aucun aucune chaque quelque quelques"
_PRONOUNS = """je j tu il elle on nous vous ils elles me m te t se s moi toi soi lui eux y en n c qu ça ca ceci cela celui celle ceux celles
cettui icelui icelle même mêmes meme memes tout toute tous toutes rien tel telle tels telles autre autres autrui
quelqu quiconque ci là"""
_QUESTIONS = """qui que quoi quel quelle quels quelles lequel laquelle lesquels lesquelles auquel auxquels auxquelles duquel desquels
desquelles dont où ou combien comment pourquoi quand"""
_PREPOSITIONS = """à a dans par pour sur sous avec sans chez vers entre contre depuis pendant dès des jusque jusqu jusques parmi selon
malgré malgre outre hors envers durant devant derrière derriere avant après apres près pres lors afin"""
_CONJUNCTIONS = (
    "et ni mais donc car si comme lorsque lorsqu puisque puisqu quoique quoiqu parce parceque tandis alors ainsi aussi sinon soit"
)
_ADVERBS = """ne pas plus moins très tres trop peu bien encore déjà deja toujours jamais ici là la non oui puis ensuite enfin surtout
presque plutôt plutot cependant toutefois pourtant autant tant tellement assez seulement notamment également egalement voici
voilà voila etc"""
_BE = """être etre étant etant suis es est sommes êtes etes sont étais etais était etait étions etions étiez etiez étaient etaient fus
fut fûmes fûtes furent serai seras sera serons serez seront serais serait serions seriez seraient sois soient soyons
soyez fusse fusses fût fussions fussiez fussent estoit estoient étoit étoient seroit seroient"""
_HAVE = """avoir ayant eu eue eues eus eut eûmes eûtes eurent ai as avons avez ont avais avait avions aviez avaient aurai auras aura
aurons aurez auront aurais aurait aurions auriez auraient aie aies ait ayons ayez aient eusse eusses eût eussions eussiez
eussent avoit avoient auroit auroient"""

STOPWORDS = frozenset(
    " ".join((_ARTICLES, _DETERMINERS, _PRONOUNS, _QUESTIONS, _PREPOSITIONS, _CONJUNCTIONS, _ADVERBS, _BE, _HAVE)).split()
)
