"""`rag-commons index info|check|remove|rebuild`: what an index holds, whether it is whole, and what must leave it."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict

from rag_commons.cli.options import add_index
from rag_commons.cli.progress import ProgressLine
from rag_commons.cli.repeats import repeats_told
from rag_commons.errors import InputError, UsageError
from rag_commons.index.layout import Layout
from rag_commons.index.manifest import Count, Manifest, read_manifest
from rag_commons.licences.table import licence


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its four actions."""
    parser = subparsers.add_parser("index", help="décrire, vérifier, alléger ou refaire un index", description="Travaux sur un index.")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    info = actions.add_parser("info", help="ce que l'index contient", description="Ce que l'index contient, d'après son manifeste.")
    info.add_argument("--format", choices=("text", "json"), default="text")
    check = actions.add_parser("check", help="lire chaque octet et dire ce qui ne va pas", description="Lit chaque octet de l'index.")
    remove = actions.add_parser(
        "remove",
        help="retirer pour de bon des documents",
        description="Retire des documents de l'index, de ses fichiers et de ses réponses.",
    )
    for name, what in (("document", "document"), ("collection", "collection entière"), ("holder", "tout ce que détient une institution")):
        remove.add_argument(f"--{name}", action="append", default=[], metavar="ID", help=f"{what}, identifiant exact, répétable")
    rebuild = actions.add_parser(
        "rebuild", help="refaire les index dérivés", description="Refait les index dense et lexical depuis le dépôt."
    )
    rebuild.add_argument(
        "--encoder", metavar="M", help="un autre encodeur, qui prend la place du premier (défaut : le même, tel qu'il est aujourd'hui)"
    )
    for action, function in ((info, _info), (check, _check), (remove, _remove), (rebuild, _rebuild)):
        add_index(action)
        action.set_defaults(run=function)


def _info(arguments: argparse.Namespace) -> int:
    manifest = read_manifest(Layout(arguments.index))
    if arguments.format == "json":
        sys.stdout.write(json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _described(manifest))
    return 0


def _described(manifest: Manifest) -> list[str]:
    total, encoder = manifest.total, manifest.encoder
    lines = [
        f"construction {manifest.build}, génération {manifest.generation}, {manifest.created}",
        f"{total.documents} documents, {total.passages} passages, {total.text_bytes / 1e6:.1f} Mo de texte",
        f"encodeur {encoder.id}, révision {encoder.revision}, {encoder.dimension} dimensions{', creux' if encoder.sparse else ''}",
    ]
    said = (
        ("moteur", encoder.backend),
        ("avant une question", encoder.query_prompt),
        ("avant un passage", encoder.document_prompt),
        ("longueur lue", encoder.truncation),
    )
    if any(value for _, value in said[1:]):
        lines.append("  " + " ; ".join(f"{name} : {value!r}" for name, value in said if value))
    badges = {licence(name).badge + f" ({name})": count for name, count in manifest.licences.items()}
    for title, counts in (
        ("licences et statuts", badges),
        ("collections", manifest.collections),
        ("institutions", manifest.holders),
        ("langues", manifest.languages),
    ):
        lines += [f"{title} :", *_counted(counts)]
    if told := repeats_told(manifest.repeats):
        lines += ["textes répétés, gardés chacun sous ses droits :", *(f"  {line}" for line in told)]
    if manifest.refusals:
        lines += ["refusés :", *(f"  {count:8d}  {reason}" for reason, count in manifest.refusals.items())]
    return lines


def _counted(counts: Mapping[str, Count]) -> list[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1].documents, item[0]))
    return [f"  {count.documents:8d} documents, {count.passages:8d} passages  {name or '(non indiqué)'}" for name, count in ranked]


def _check(arguments: argparse.Namespace) -> int:
    from rag_commons.index.checking import check

    problems = check(arguments.index)
    if problems:
        sys.stderr.writelines(f"rag-commons: {problem}\n" for problem in problems)
        return 1
    sys.stdout.write(f"{arguments.index} : entier\n")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from rag_commons.index.removal import remove

    if not (arguments.document or arguments.collection or arguments.holder):
        raise UsageError("what to remove", "nothing named", "give --document, --collection or --holder")
    with ProgressLine() as line:
        report = remove(arguments.index, arguments.document, arguments.collection, arguments.holder, line.show)
    sys.stdout.write(f"{arguments.index} : {report.documents} documents retirés, {report.passages} passages\n")
    if report.unknown:
        names = ", ".join(repr(name) for name in report.unknown)
        raise InputError("documents, collections or holders of the index", f"nothing is called {names}", "see `rag-commons index info`")
    return 0


def _rebuild(arguments: argparse.Namespace) -> int:
    from rag_commons.encoder import load_encoder
    from rag_commons.index.removal import rebuild

    encoder = load_encoder(arguments.encoder, read_manifest(Layout(arguments.index)).encoder.settings) if arguments.encoder else None
    with ProgressLine() as line:
        manifest = rebuild(arguments.index, encoder, line.show)
    sys.stdout.write(f"{arguments.index} : refait, génération {manifest.generation}, {manifest.passages} passages\n")
    return 0
