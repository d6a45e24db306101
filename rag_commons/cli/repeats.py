"""What comes twice in a corpus or an index, in words."""

from rag_commons.sources.near_duplicates import Repeats


def repeats_told(repeats: Repeats | None) -> list[str]:
    """Return what comes twice, in words; nothing where nothing does."""
    if repeats is None:
        return []
    same = [f"même texte qu'un autre : {repeats.same} documents"] if repeats.same else []
    across = f", dont {repeats.across} d'une collection à l'autre" if repeats.across else ""
    groups = "un groupe" if repeats.groups == 1 else f"{repeats.groups} groupes"
    near = [f"à quelques mots près : {repeats.near} documents, en {groups}{across}"] if repeats.near else []
    return same + near
