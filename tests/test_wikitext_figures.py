"""What figures, flags, signs and tables of French wikitext say: a wrong column or a wrong unit is a false fact."""

import pytest

from rag_commons.sources.wiki_html import read_wiki_html
from rag_commons.sources.wikitext import read_wikitext


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{Dunité|21|29.7|cm}}", "21 × 29,7 cm"),
        ("{{dunité|2|64|Kio}}", "2 × 64 Kio"),
        ("{{Dunité|30|20|10|cm}}", "30 × 20 × 10 cm"),
        ("{{unité|4203|hab.|/km|2}}", "4 203 hab./km²"),
        ("{{unité|4203 hab./km 2}}", "4 203 hab./km²"),
        ("{{unité|9.81 m/s-2}}", "9,81 m/s⁻²"),
        ("{{unité|100|km2}}", "100 km²"),
        ("{{unité|600 m}} 2 fois", "600 m 2 fois"),
        ("{{unité/2|10|à=20|km}}", "10 à 20 km"),
        ("{{unité|20|à|30|km}}", "20 à 30 km"),
        ("{{unité|300|×|200|mm}}", "300 × 200 mm"),
        ("20 m{{2}} et 3 km{{3}}", "20 m² et 3 km³"),
        ("au {{VIe siècle av. J.-C.}} et au {{Ier millénaire av. J.-C.}}", "au VIe siècle av. J.-C. et au Ier millénaire av. J.-C."),
        ("{{durée|90 min}} puis {{durée|1|30}}", "90 min puis 1 h 30 min"),
        ("12{{nbsp}}km", "12 km"),
        ("statue ({{s mini-|XV}} s.)", "statue (XVe s.)"),
        ("(en {{lang-el|Αθήνα}})", "(en grec moderne : Αθήνα)"),
        ("{{Gallica|n=cb1|t=Histoire du bourg}}", "Histoire du bourg"),
        ("{{fraction|1|2}}", "1/2"),
        ("{{frac|2|1|4}}", "2 1/4"),
        ("{{fraction|3}}", ""),
        ("{{rom-maj|XIX|e}}", "XIXe"),
        ("{{grec ancien|λόγος|lógos|parole}}", "λόγος / lógos, « parole »"),
        ("{{grec ancien|λόγος}}", "λόγος"),
        ("{{FRA}}, {{SUI football}}, {{ENG football féminin}}", "France, Suisse, Angleterre"),
        ("{{FRA-d}} Paris", "Paris"),
        ("{{oui}} {{Non}} {{oui|Validé}}", "Oui Non Validé"),
        ("{{légende|#fff|Parti vert}}", "Parti vert"),
        ("{{rouge|alerte}}", "alerte"),
        ("un mot {{sic}} et {{[...]}} la suite", "un mot [sic] et […] la suite"),
        ("{{nb p.|320}}, {{§|4}}", "320 p., § 4"),
    ],
)
def test_a_template_says_what_it_prints(written, said):
    assert read_wikitext(f"Avant {written}.").text == f"Avant {said}.".replace(" .", ".")


def test_an_infobox_of_a_place_prints_its_figures_as_the_page_does():
    text = read_wikitext(
        "{{Infobox Commune de France\n| nom = Bourg\n| superficie = 31.2\n| population = 12345\n| code postal = 20260\n| année pop = 2019\n"
        "| p1 = Duché\n| ONG = ONU{{-}}UE\n}}\nTexte."
    ).text
    assert text.splitlines()[:6] == [
        "Nom : Bourg",
        "Superficie : 31,2 km²",
        "Population : 12 345",
        "Code postal : 20260",
        "Année pop : 2019",
        "ONG : ONU, UE",
    ]


RACES = """{| class="wikitable"
|- style="background-color:#369"
| '''Édition''' || '''Slalom''' || '''Équipes'''
|-
| Vallée 2017 || - || 9e
|-
| Cime 2021 || Abandon || -
|}"""
RACES_HTML = """<table><tr style="background:#369"><td>Édition</td><td>Slalom</td><td>Équipes</td></tr>
<tr><td>Vallée 2017</td><td>-</td><td>9e</td></tr><tr><td>Cime 2021</td><td>Abandon</td><td>-</td></tr></table>"""
NAMED = ["Édition : Vallée 2017 ; Équipes : 9e", "Édition : Cime 2021 ; Slalom : Abandon"]


def test_a_coloured_first_row_names_the_columns():
    assert read_wikitext(RACES).text.splitlines() == NAMED
    assert read_wiki_html(RACES_HTML).text.splitlines() == NAMED


def test_without_names_a_dash_keeps_the_columns_apart():
    plain = RACES.replace(' style="background-color:#369"', "")
    said = ["Édition ; Slalom ; Équipes", "Vallée 2017 ; – ; 9e", "Cime 2021 : Abandon"]
    assert read_wikitext(plain).text.splitlines() == said
    assert read_wiki_html(RACES_HTML.replace(' style="background:#369"', "")).text.splitlines() == said


def test_rows_coloured_in_turn_name_nothing():
    striped = '{|\n|- bgcolor="#eee"\n| Un || 1 || 2\n|-\n| Deux || 3 || 4\n|- bgcolor="#eee"\n| Trois || 5 || 6\n|}'
    assert read_wikitext(striped).text.splitlines() == ["Un ; 1 ; 2", "Deux ; 3 ; 4", "Trois ; 5 ; 6"]


def test_columns_and_boxes_stand_on_lines_of_their_own():
    assert read_wikitext("Avant {{Colonnes|nombre=2|\n* Un\n* Deux\n}}après.").text.splitlines() == ["Avant", "Un", "Deux", "après."]


def test_a_section_that_is_to_be_written_says_nothing():
    assert read_wikitext("== Origine ==\n{{...}}\n== Suite ==\nTexte.").text == "Suite\nTexte."


def test_a_list_of_mayors_written_row_by_row_is_a_table():
    rows = "| 1959 || 1971 || Jeanne Abel || align=center | PRG || Médecin\n|-\n| 1971 || || Paul Bru || ||"
    written = f"{{{{ÉluDébut|Titre=Maires du bourg}}}}\n{rows}\n{{{{ÉluFin}}}}\nFin."
    assert read_wikitext(written).text.splitlines() == [
        "Maires du bourg",
        "Période : 1959 ; Période : 1971 ; Identité : Jeanne Abel ; Étiquette : PRG ; Qualité : Médecin",
        "Période : 1971 ; Identité : Paul Bru",
        "",
        "Fin.",
    ]


def test_a_climate_is_a_line_a_quantity():
    record = "|tmin-record-jan=-5.6|tmin-record-date-jan=<small>1963</small>"
    written = f"{{{{Climat\n|titre=Relevés<br><small>1991-2020</small>\n|tmin-jan=4.8\n|tmin-ann=11.2\n{record}\n}}}}"
    assert read_wikitext(f"Avant.\n{written}\nAprès.").text.split("\n") == [
        "Avant.",
        "",
        "Relevés, 1991-2020",
        "Température minimale moyenne (°C) : jan. 4,8 ; année 11,2",
        "Record de froid (°C) : jan. -5,6 (1963)",
        "",
        "Après.",
    ]


def test_names_of_columns_go_on_where_one_reaches_down():
    table = """{|
! rowspan=2 | Saison !! colspan=2 | Général !! colspan=2 | Slalom
|-
| Class. || Points || Class. || Points
|-
| 2017 || 153e || 5 || - || -
|-
! Total
| 1 || 2 || 3 || 4
|}"""
    assert read_wikitext(table).text.splitlines() == [
        "Saison : 2017 ; Général, Class. : 153e ; Général, Points : 5",
        "Saison : Total ; Général, Class. : 1 ; Général, Points : 2 ; Slalom, Class. : 3 ; Slalom, Points : 4",
    ]
