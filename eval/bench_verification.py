"""Bench of verification on PIAF: `python eval/bench_verification.py --half test` (tune with `--half train --limit 400`).

True statements are made from the sentence that holds the gold answer by rules alone, and so are their mutants by one fact; the whole
passage is cited. A row: how many statements, the share accepted, and the share that the verbatim rule alone accepts.
"""

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

from answering_data import Asked, holds, piaf, plain

from rag_commons.answering.question import understand
from rag_commons.answering.verification.facts import denies, sentences_of
from rag_commons.answering.verification.qualifiers import unbounded
from rag_commons.answering.verification.roles import exchanged
from rag_commons.answering.verification.support import unsupported
from rag_commons.text.normal import find_quote, n0

ROOT = Path(__file__).resolve().parents[1]
LETTERS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
UNITS = {"km": "kilomètres", "kg": "kilogrammes", "m": "mètres", "%": "pour cent", "ha": "hectares"}
OTHER_UNIT = {
    **{"km": "m", "kilomètres": "mètres", "mètres": "kilomètres", "m": "km", "%": "euros", "pour cent": "euros", "kg": "tonnes"},
    **{"tonnes": "grammes", "euros": "dollars", "dollars": "euros", "ans": "mois", "jours": "heures", "heures": "jours", "mois": "ans"},
    **{"minutes": "heures", "habitants": "soldats", "millions": "milliards", "milliards": "millions", "hectares": "kilomètres"},
}
UNIT = re.compile(rf"(?<=\d )(?:{'|'.join(sorted(OTHER_UNIT, key=len, reverse=True))})(?!\w)")
YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-2][0-9]\b")
NUMBER = re.compile(r"(?<![\d,.])(?!1[0-9]{3}\b|20[0-2][0-9]\b)\d{1,3}(?![\d,.]| \d)")
NAME = re.compile(r"(?<=[a-zà-ÿ,'] )[A-ZÀ-Ý][a-zà-ÿ-]{2,}(?: [A-ZÀ-Ý][a-zà-ÿ-]{2,})*")
VERB = re.compile(
    r"(?<=[a-zà-ÿ)] )(?<!\bne )(est|sont|fut|furent|était|étaient|a|ont|avait|reste|devient|permet|peut|compte|doit|fait)(?= [a-zà-ÿ])"
)
# « il est difficile d'obtenir », where he is nobody
IMPERSONAL = re.compile(r"Il (?:est|était|fut|serait) [^,;]{0,60}?\b(?:(?:de |d')\w+(?:er|ir|re)\b|qu[e'])")
NEGATED = re.compile(r"\b(?:ne |n')(\w+) (?:pas|plus|jamais)\b")
PASSIVE = re.compile(
    r"^([^,;:()]{3,60}?) (?:est|sont|fut|furent|était|étaient|a été|ont été) "
    r"(\w+é)e?s? par ((?:le|la|les|l'|un|une|[A-Z])[^,;:()]{2,60}?)[.,;]"
)
ACTIVE = re.compile(r"^([^,;:()]{3,60}?) (?:a|ont) (\w+é) ((?:le|la|les|l'|un|une) ?\w+(?: (?:de|du|des|d')? ?\w+)?)[.,;]")


def true_statements(asked: Asked, sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the words of true statements."""
    clauses = [m for m in re.finditer(r", [^,;:()]{8,80}(?=[,.](?!\d))|\s\([^()]{3,80}\)", sentence) if not denies(m.group())]
    if clauses:
        cut = clauses[-1]
        yield "clause dropped", sentence[: cut.start()] + sentence[cut.end() :]
    if (
        re.match(r"(?:Il|Elle) (?!y |s'agit|faut|existe|est (?:à|possible|probable))", sentence)
        and asked.title
        and not IMPERSONAL.match(sentence)
    ):
        yield "pronoun made title", re.sub(r"^(?:Il|Elle)", re.sub(r" \(.*", "", asked.title), sentence)
    rewritten = _rewritten(sentence)
    if rewritten != sentence:
        yield "date, number or unit rewritten", rewritten
    turned = PASSIVE.search(sentence)
    if turned and not denies(turned.group()):
        yield "passive made active", f"{_upper(turned[3])} a {turned[2]} {_lower(turned[1])}."
    turned = ACTIVE.search(sentence)
    if turned and not denies(turned.group()):
        yield "active made passive", f"{_upper(turned[3])} a été {turned[2]} par {_lower(turned[1])}."
    stated = _stated(asked.question, asked.answers[0])
    if stated:
        yield "question + answer", stated


def mutants(asked: Asked, sentence: str, passage: str, others: list[Asked]) -> Iterator[tuple[str, str]]:
    """Yield the kind and the words of a statement that differs by one fact."""
    if match := YEAR.search(sentence):
        yield "year", _put(sentence, match, str(int(match.group()) + 3))
    if match := NUMBER.search(sentence):
        yield "number", _put(sentence, match, str(int(match.group()) + 7))
    if match := UNIT.search(sentence):
        yield "unit", _put(sentence, match, OTHER_UNIT[match.group()])
    named = list(NAME.finditer(sentence))
    if named:
        rest = [m.group() for m in NAME.finditer(passage) if not set(plain(m.group()).split()) & set(plain(sentence).split())]
        yield "name", _put(sentence, named[0], rest[0] if rest else "Montbrison")
    if match := NEGATED.search(sentence):
        yield "negation", _put(sentence, match, match[1])
    elif match := VERB.search(sentence):
        yield "negation", _put(sentence, match, f"{'n' + chr(39) if match[1][0] in 'aeéo' else 'ne '}{match[1]} pas")
    for first, second in pairwise(named):
        between = sentence[first.end() : second.start()]
        # « A et B » says what « B et A » says
        if len(between.split()) >= 2 and not re.search(r"\b(?:et|ou|ni)\b|,", between) and first.group() != second.group():
            yield "roles swapped", _put(_put(sentence, second, first.group()), first, second.group())
            break
    yield from other_answers(asked, sentence, others)


def other_answers(asked: Asked, sentence: str, others: list[Asked]) -> Iterator[tuple[str, str]]:
    """Yield statements that give the answer to another question of the same kind on the same passage."""
    for other in others:
        answer, kinds = other.answers[0], (understand(other.question).kind, understand(asked.question).kind)
        if kinds[0] == kinds[1] and not holds(answer, asked.answers) and not holds(asked.answers[0], other.answers):
            stated = _stated(asked.question, answer)
            if stated:
                yield "another answer (question)", stated
            at = find_quote(asked.answers[0], sentence)
            # a sentence that is little else than its answer becomes a mere noun, which claims nothing
            if at and answer not in sentence and at[1] - at[0] < 0.6 * len(sentence):
                yield "another answer (sentence)", sentence[: at[0]] + answer + sentence[at[1] :]
            break


def read_passages(data: Path) -> dict[str, str]:
    """Return the text of each passage of PIAF, by document id."""
    with gzip.open(data / "commons" / "wikipedia-piaf.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]


def _rewritten(text: str) -> str:
    def dated(m: re.Match[str]) -> str:
        return f"{int(m[1]):02}/{MONTHS.index(m[2]) + 1:02}/{m[3]}"

    text = re.sub(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", dated, text)
    figures = re.sub(r"(?<![\d,./] )(?<![\d,./-])\b([2-9]|1[0-6])\b(?= [a-z])", lambda m: LETTERS[int(m[1])], text)
    if figures == text:
        figures = re.sub(rf"\b({'|'.join(LETTERS[2:])})\b(?= [a-z])", lambda m: str(LETTERS.index(m[1])), text)
    text = figures
    return re.sub(r"(?<=\d )(km|kg|m|%|ha)(?!\w)", lambda m: UNITS[m[1]], text)


def _stated(question: str, answer: str) -> str | None:
    asked = re.sub(r"[\s?]+$", "", n0(question))
    answer = answer.strip(" .,;")
    if match := re.match(r"Qui (?!est-ce)(?:est-ce qui )?([a-zà-ÿ'].*)", asked):
        return None if re.search(r"-(?:t-)?(?:il|elle|ils|elles|on)\b", asked) else f"{_upper(answer)} {match[1]}."
    if match := re.match(r"(?:En|À|Au|Dans|De) quel(?:le)? (?:\w+) (.+?) (\w+)-(?:t-)?(?:il|elle)\b(.*)", asked):
        return f"{_upper(match[1])} {match[2]}{match[3]} {'' if re.match(r'(?:en|à|au|dans|de|le) ', answer) else 'en '}{answer}."
    if match := re.match(r"(?:Quand|Où) (.+?) (\w+)-(?:t-)?(?:il|elle)\b(.*)", asked):
        return f"{_upper(match[1])} {match[2]}{match[3]} {answer}."
    if match := re.match(r"Quel(?:le)? (est|était|fut) (.+)", asked):
        return f"{_upper(match[2])} {match[1]} {answer}."
    return None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if re.match(r"(?:Le|La|Les|L'|Un|Une|Ce|Cette|Il|Elle)\b", text) else text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--half", choices=("train", "test"), default="train")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--show", default="", help="print what goes wrong in this class")
    options = parser.parse_args()
    asked_all = piaf(options.data, options.half)
    texts = read_passages(options.data)
    beside = defaultdict(list)
    for asked in asked_all:
        beside[asked.gold].append(asked)
    sample = Random(7).sample(asked_all, min(options.limit or len(asked_all), len(asked_all)))
    rows: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for asked in sample:
        passage = texts.get(asked.gold or "", "")
        sentence = next((one for one in sentences_of(passage) if holds(one, asked.answers[:1])), None)
        if sentence is None or not plain(asked.answers[0]):
            continue
        made = [("true", "verbatim", sentence)]
        made += [("true", kind, text) for kind, text in true_statements(asked, sentence)]
        made += [
            ("mutant", kind, text) for kind, text in mutants(asked, sentence, passage, [o for o in beside[asked.gold] if o is not asked])
        ]
        for group, kind, text in made:
            reason = unsupported(text, [passage], title=asked.title) or exchanged(text, [passage]) or unbounded(text, [passage])
            rows[group, kind].append((reason is None, find_quote(text, passage) is not None))
            if kind == options.show and (reason is None) == (group == "mutant"):
                print(f"{reason} | {text}\n    {sentence}")
    _print(rows)


def _print(rows: dict[tuple[str, str], list[tuple[bool, bool]]]) -> None:
    print(f"{'':8}{'class':34}{'n':>6}{'accepted':>10}{'verbatim rule':>15}")
    for group, kind in sorted(rows, key=lambda row: (row[0] == "mutant", row[1] != "verbatim", row[1])):
        judged = rows[group, kind]
        ours, baseline = (100 * sum(one[at] for one in judged) / len(judged) for at in (0, 1))
        print(f"{group:8}{kind:34}{len(judged):6}{ours:9.1f}%{baseline:14.1f}%")
    for name, group in (("true, not verbatim", "true"), ("mutants", "mutant")):
        judged = [one for key, of in rows.items() if key[0] == group and key[1] != "verbatim" for one in of]
        if judged:
            ours, baseline = (100 * sum(one[at] for one in judged) / len(judged) for at in (0, 1))
            print(f"{'all':8}{name:34}{len(judged):6}{ours:9.1f}%{baseline:14.1f}%")


if __name__ == "__main__":
    main()
