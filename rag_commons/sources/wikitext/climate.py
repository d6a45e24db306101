"""The table of a climate (« Climat »), which hundreds of towns have: a line a quantity, its months in order."""

from collections.abc import Iterator

from rag_commons.sources.wikitext.calls import Call
from rag_commons.sources.wikitext.marks import BREAK
from rag_commons.sources.wikitext.numbers import format_number

_QUANTITIES = {
    "tmin": "Température minimale moyenne (°C)",
    "tmoy": "Température moyenne (°C)",
    "tmax": "Température maximale moyenne (°C)",
    "tmin-record": "Record de froid (°C)",
    "tmax-record": "Record de chaleur (°C)",
    "soleil": "Ensoleillement (h)",
    "prec": "Précipitations (mm)",
    "pluie": "Nombre de jours avec précipitations",
    "neige": "Nombre de jours avec neige",
    "gel": "Nombre de jours avec gel",
    "orage": "Nombre de jours avec orage",
    "brouillard": "Nombre de jours avec brouillard",
    "humidité": "Humidité relative (%)",
}
_MONTHS = {
    "jan": "jan.", "fev": "fév.", "mar": "mars", "avr": "avril", "mai": "mai", "jui": "juin", "jul": "jui.", "aou": "août",
    "sep": "sep.", "oct": "oct.", "nov": "nov.", "dec": "déc.", "ann": "année",
}  # fmt: skip


def climate(call: Call) -> str | None:
    """Return the title and « Température moyenne (°C) : jan. 9,2 ; fév. 9,2 ; … ; année 16,1 », a line each."""
    lines = list(_lines(call))
    if not lines:
        return None
    title = call.get("titre").replace(BREAK, ", ").strip()
    return "\n" + "\n".join(filter(None, (title, *lines))) + "\n"


def _lines(call: Call) -> Iterator[str]:
    for key, label in _QUANTITIES.items():
        said = []
        for month, name in _MONTHS.items():
            if value := call.get(f"{key}-{month}"):
                day = call.get(f"{key}-date-{month}")
                said.append(f"{name} {format_number(value)}" + (f" ({day})" if day else ""))
        if said:
            yield f"{label} : {' ; '.join(said)}"
