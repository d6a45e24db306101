"""French abbreviations that end with a full stop, and the words that begin a sentence after one."""

# never the end of a sentence: a name follows
TITLES = frozenset(
    "M MM Mr Mrs Ms Dr Drs Pr Prof Me Mes Mgr Mgrs Mme Mmes Mlle Mlles Mad Mdme St Ste Vve Cdt Cne Capt Gal Gén Col Lt Sgt".split()
)

# first names cut short, with the initials of one letter
INITIALS = frozenset(
    "Al Alex Ant Aug Bern Ch Chr Cl Ed Éd Em Ém Et Ét Eug Ferd Fr Fréd Gab Geo Guill Gust Jos Jh Jn Jq Ls Ph Phil Th Théod Vict Wm".split()
)

# a number or a name follows, unless the next word can only begin a sentence
ABBREVIATIONS = frozenset(
    """adj adv al alin anc ann append apr ap arch arr art auj av avr bd boul bibl biogr bull c ca cf ch chap cit coll comm comp conf cons
    dép dept dépt déc dict dir doc ed éd édit env esp ex exempl exp ext f fasc fém févr ff fig fo fol fr gouv gr hab hist ibid id ill
    imp inéd inf introd inv janv jr juil l lat lib liv loc masc math max min ms mss mt n nb nᵒ no nos nouv nov nt obs oct op orig ouvr p pag
    para pl plur pp préf prof pseud r rad rec réf règl rép resp rééd r° sec sect sept sing soc sous-dir sq ss suiv
    sup suppl surt t tab tél tom tr trad trim v var vol vs zool""".split()
)

# may well end the sentence: a capital that follows begins the next one
CLOSING = frozenset("etc s sq sqq cit".split())

_STARTS = """Il Elle Ils Elles On Nous Vous Je Tu J' C' Qu' S' N' Ce Cet Cette Ces Cela Ceci Ça Celui Celle Ceux Celles Un Une En Dans Sur
Sous Pour Par Avec Sans Après Avant Depuis Pendant Lors Lorsque Quand Si Mais Et Or Donc Car Ainsi Alors Aussi Puis Enfin
Ensuite Cependant Toutefois Pourtant Son Sa Ses Leur Leurs Notre Nos Mon Ma Mes Tous Tout Toute Toutes Plusieurs Certains
Certaines Quelques Chaque Aucun Aucune Vers Entre Selon Malgré Comme Comment Pourquoi Qui Que Quoi Quel Quelle Quels Quelles
Où Au Aux À Dès Dont Lui Parmi Outre Bien Parfois Souvent Aujourd'"""
# « J. Le Goff », « G. de L'Hôpital »: an article may belong to a name after an initial, not after « U.R.S.S. »
NEXT_AFTER_INITIAL = frozenset(_STARTS.split())
NEXT_AFTER_ACRONYM = NEXT_AFTER_INITIAL | frozenset("Le La Les L' Des".split())
