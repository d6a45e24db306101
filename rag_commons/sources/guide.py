"""What a person needs to know of each source: what its paths are, an example, and its own options, in French.

An option of several sources is told once, in `COMMON`; a source says otherwise where it means something else there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

COMMON: Mapping[str, str] = {
    "licence": "licence de tous les documents, celle que l'éditeur énonce (CC-BY-4.0, etalab-2.0, CC0-1.0…)",
    "title": "titre, où rien ne le dit",
    "holder": "institution détentrice, la même pour tous",
    "collection": "nom de la collection, le même pour tous",
    "language": "langue, code BCP 47 (fr, br, gcf…)",
    "limit": "nombre de documents auquel s'arrêter",
    "contact": "adresse où le site peut vous joindre, donnée dans chaque requête ; jamais gardée",
    "workers": "nombre de processus (défaut : tous les cœurs)",
    "namespace": "espaces de noms, joints par des virgules (défaut : 0, les articles)",
    "since": "jour AAAA-MM-JJ : passe ce qui n'a pas changé depuis",
    "api": "adresse d'un autre api.php",
    "depth": "niveaux de sous-catégories à suivre (défaut : 0)",
}
EVERY_SOURCE: Mapping[str, str] = {
    "boilerplate": "N : retire les paragraphes qui reviennent dans N documents ou plus (menus, avertissements)",
}


@dataclass(frozen=True, slots=True)
class Guide:
    """What the paths of a source are, what follows `rag-commons ingest` in an example, and what its options mean there."""

    paths: str
    example: str
    options: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


_NO_RIGHTS = "Sans droits énoncés, rien n'entre : donnez-les par --set licence=… ou dans un fichier _defaults.yaml du dossier."

GUIDES: Mapping[str, Guide] = {
    "jsonl": Guide(
        "fichiers .jsonl ou .jsonl.gz, ou dossiers qui en contiennent",
        "jsonl mes-documents/ --index indexes/le-mien",
        note="Chaque ligne est un document ; les quatre premières clefs sont dues :\n"
        '    {"id": "fonds/12", "title": "…", "text": "…", "licence": "CC-BY-4.0",\n'
        '     "authors": ["…"], "holder": "…", "collection": "…", "url": "…", "language": "fr"}',
    ),
    "folder": Guide(
        "dossiers de fichiers .md, .txt, .html, .pdf, .epub",
        'folder mes-textes/ --set licence=CC-BY-4.0 --set holder="Bibliothèque de Namur"',
        note="Les droits se disent en tête de chaque fichier, entre deux lignes « --- », ou dans un fichier YAML de même nom :\n"
        '    ---\n    title: "Le moulin de Bise"\n    licence: CC-BY-4.0\n    holder: Bibliothèque de Namur\n    ---\n' + _NO_RIGHTS,
    ),
    "alto": Guide(
        "fichiers ALTO ou dossiers ; les pages d'un même volume sont réunies",
        "alto numerisations/ --set licence=etalab-2.0 --set language=fr",
        note=_NO_RIGHTS,
    ),
    "tei": Guide(
        "fichiers TEI ou dossiers",
        "tei romans/ --index indexes/romans",
        {"front": "oui : prend aussi pages de titre, préfaces et annexes", "licence": "licence, où l'en-tête n'en énonce pas"},
    ),
    "mets": Guide(
        "fichiers METS ; les pages ALTO qu'ils nomment sont lues auprès d'eux",
        "mets volumes/ --set licence=CC0-1.0",
        {"licence": "licence, où le METS n'en énonce pas"},
        _NO_RIGHTS,
    ),
    "table": Guide(
        "fichiers CSV, JSON ou GeoJSON, chacun avec NOM.mapping.yaml à côté de lui",
        "table patrimoine.csv --set mapping=patrimoine.mapping.yaml",
        {"mapping": "fichier de correspondance, le même pour tous"},
        "La correspondance dit quelles colonnes font un document :\n"
        '    id: "registre/{BIEN_ID}"\n    title: "{NOM}"\n    text: ["{DESCRIPTION}", "{HISTOIRE}"]\n    licence: CC-BY-4.0',
    ),
    "wikipedia": Guide(
        "title:Titre, category:Catégorie, search:requête, ou un fichier de titres, un par ligne",
        'wikipedia "category:Patrimoine du Québec" --set depth=2 --set contact=vous@example.org',
        {
            "wiki": "code du wiki, aussi par --wiki (défaut : frwiki)",
            "licence": "licence, pour un wiki qui n'en énonce pas",
            "attribution": "non : n'interroge pas l'API d'attribution (défaut : oui)",
        },
    ),
    "wikipedia-dump": Guide(
        "fichiers pages-articles, en XML, bz2 ou gzip, multistream ou non, ou dossiers",
        "wikipedia-dump frwiki-latest-pages-articles-multistream.xml.bz2 --wiki frwiki",
        {"wiki": "code du wiki, aussi par --wiki ; l'emporte sur le nom du fichier et sur ce qu'il dit de lui-même"},
    ),
    "wikimedia-enterprise": Guide(
        "objets .json, .ndjson, ou instantanés .tar.gz, ou dossiers",
        "wikimedia-enterprise frwiki_namespace_0.tar.gz",
    ),
    "zim": Guide(
        "archives .zim, entières ou en morceaux (.zimaa), ou dossiers",
        "zim wikivoyage_fr_all.zim",
        {"licence": "licence, pour une archive qui n'en énonce pas"},
        "Demande libzim, sous GPL-3 : pip install 'rag-commons[zim]'.",
    ),
    "parquet": Guide(
        "fichiers .parquet, dossiers, ou hub:auteur/jeu/chemin sur Hugging Face",
        "parquet hub:wikimedia/wikipedia/20231101.br --set limit=1000",
        {
            "dump": "jour du dump AAAAMMJJ, où le chemin ne le dit pas",
            "licences": "comment lire les mentions de droits : « Public Domain=CC-PDM-1.0; CC-By=CC-BY-4.0 »",
            "endpoint": "adresse d'un miroir du hub",
        },
        "Demande pyarrow : pip install 'rag-commons[parquet]'. Une ligne sans licence connue est refusée et comptée.",
    ),
    "wikisource": Guide(
        "title:Œuvre, category:Catégorie, search:requête, ou un fichier de titres",
        'wikisource "title:Contes du lundi" --set contact=vous@example.org',
        {
            "wiki": "code du wiki, aussi par --wiki (défaut : frwikisource)",
            "wikidata": "api.php auquel demander l'année de mort des auteurs ; vide : aucun",
            "subpages": "non : sans les chapitres de l'œuvre (défaut : oui)",
            "country": "pays dont le droit dit si l'œuvre est du domaine public (défaut : FR)",
        },
    ),
    "oai-pmh": Guide(
        "adresses de dépôts OAI-PMH",
        "oai-pmh https://depot.example.org/oai --set sets=livres --set since=2024-01-01",
        {
            "sets": "ensembles (setSpec), joints par des virgules",
            "since": "jour AAAA-MM-JJ à partir duquel moissonner",
            "until": "jour AAAA-MM-JJ jusqu'auquel moissonner",
            "prefix": "format des notices (défaut : oai_dc)",
            "licence": "licence, pour les notices qui n'énoncent pas de droits",
        },
    ),
    "gallica": Guide(
        "ark:/12148/…, adresses de Gallica, search: et une requête SRU, ou un fichier de celles-ci",
        "gallica ark:/12148/bpt6k70861t --policy noncommercial",
        {
            "text": "alto (page par page, avec sa confiance ; défaut) ou brut (d'un bloc, sans pages)",
            "views": "nombre de vues par document auquel s'arrêter",
            "base": "adresse d'un autre Gallica",
        },
        "La réutilisation commerciale des numérisations de la BnF est payante : elles n'entrent que sous --policy noncommercial.",
    ),
    "europeana": Guide(
        "/jeu/notice, adresses d'Europeana, ou search: et une requête",
        'europeana "search:moulin AND RIGHTS:*by*" --set key=VOTRE-CLEF --set limit=200',
        {"key": "clef de l'API, gratuite chez Europeana ; jamais gardée", "base": "adresse d'une autre API"},
    ),
}


def option_fr(source: str, option: str) -> str:
    """Return what an option of a source is for; KeyError for one that nobody has told."""
    own = GUIDES[source].options
    return own[option] if option in own else COMMON[option]
