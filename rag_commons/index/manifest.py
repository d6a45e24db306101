"""The manifest: which generation is published, what it holds and what its files must be.

It is written last and atomically. It carries its own sha256, since a manifest with one wrong figure is as damaged as a lost one.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

from rag_commons.encoder import Encoder, Settings
from rag_commons.errors import EncoderUnusable, IndexUnusable
from rag_commons.index.layout import Layout, write_atomically
from rag_commons.sources.near_duplicates import Repeats

FORMAT = "rag-commons index"
VERSION = 1
_MISSING = "run `make demo` for the sample, or `rag-commons ingest SOURCE PATH --index DIR`"


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """The encoder that made the vectors, and how it was run: those of another one cannot be compared with them.

    What an encoder or an earlier release does not say is None.
    """

    id: str
    revision: str
    dimension: int
    checksum: str
    static: bool
    sparse: bool = False
    backend: str | None = None
    query_prompt: str | None = None
    document_prompt: str | None = None
    truncation: int | None = None

    @classmethod
    def of(cls, encoder: Encoder) -> "EncoderIdentity":
        """Return the identity of an encoder."""
        settings = getattr(encoder, "settings", Settings())
        return cls(
            encoder.id,
            encoder.revision,
            encoder.dimension,
            encoder.checksum,
            encoder.static,
            getattr(encoder, "sparse", False),
            settings.backend,
            settings.query_prompt,
            settings.document_prompt,
            settings.truncation,
        )

    @property
    def fingerprint(self) -> str:
        """What tells the vectors of this encoder, run and fed like this, from others."""
        fed = (self.query_prompt or "", self.document_prompt or "", self.truncation)
        return self.checksum if fed == ("", "", None) else f"{self.checksum} {json.dumps(fed)}"

    @property
    def settings(self) -> Settings:
        """How the encoder was run and fed."""
        return Settings(self.backend, self.query_prompt, self.document_prompt, self.truncation)

    def check(self, encoder: Encoder) -> None:
        """Raise EncoderUnusable unless this is the encoder of the index."""
        given = EncoderIdentity.of(encoder)
        for name in ("query_prompt", "document_prompt", "truncation"):
            was, now = getattr(self, name), getattr(given, name)
            # an index of an earlier release does not say
            if None not in (was, now) and was != now:
                raise EncoderUnusable(f"the {name} of this index, {was!r}", repr(now), "give the same, or ingest into another folder")
        if (given.dimension, given.checksum) != (self.dimension, self.checksum):
            raise EncoderUnusable(
                f"the encoder of this index, {self.id} at {self.revision}",
                f"{given.id} at {given.revision}",
                "give that encoder, or run `rag-commons index rebuild` to go on with this one",
            )


@dataclass(frozen=True, slots=True)
class Count:
    """How much of the index a name stands for; `text_bytes` are those of UTF-8."""

    documents: int
    passages: int
    text_bytes: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the published generation: path from the index's folder, size, sha256 of it all and of its first `head` bytes.

    The head is what a library trusts while it opens the file; it is checked at every opening, the rest by `index check`.
    """

    path: str
    size: int
    sha256: str
    head: int
    head_sha256: str


@dataclass(frozen=True, slots=True)
class DenseFacts:
    """How the dense index was made: inverted lists, lists that a search visits, vectors that it was trained on."""

    lists: int
    probes: int
    trained: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the published generation is. `build` depends on the documents and the encoder alone, not on when and in what order they came.

    Counts are by name, in order of name; the name "" stands for what is not stated (languages: "und"). `repeats` is None where an
    older release wrote it.
    """

    generation: int
    build: str
    store_id: str
    created: str
    analysis: str
    encoder: EncoderIdentity
    total: Count
    collections: Mapping[str, Count]
    licences: Mapping[str, Count]
    languages: Mapping[str, Count]
    holders: Mapping[str, Count]
    refusals: Mapping[str, int]
    dense: DenseFacts
    files: tuple[FileRecord, ...]
    repeats: Repeats | None = None

    @property
    def documents(self) -> int:
        """The number of documents."""
        return self.total.documents

    @property
    def passages(self) -> int:
        """The number of passages."""
        return self.total.passages


def write_manifest(layout: Layout, manifest: Manifest) -> None:
    """Publish: from now on the index is what this manifest says."""
    body = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    body["sha256"] = _digest(body)
    write_atomically(layout.manifest, (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode())


def read_manifest(layout: Layout) -> Manifest:
    """Return the manifest; IndexUnusable when it is missing, damaged or foreign."""
    try:
        data = layout.manifest.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if layout.store.exists():
            seen, todo = "a store without a manifest: the first ingest did not end", "run the same ingest again, it resumes"
        else:
            seen, todo = "no manifest.json there", _MISSING
        raise IndexUnusable(f"an index in {layout.root}", seen, todo) from None
    except OSError as error:
        raise IndexUnusable(f"a readable {layout.manifest}", str(error), "check the path and its permissions") from None
    try:
        body = json.loads(data)
        if not isinstance(body, dict):
            raise ValueError("not a JSON object")
        if body.get("format") != FORMAT or body.get("version") != VERSION:
            raise _foreign(layout, body)
        if body.pop("sha256", None) != _digest(body):
            raise ValueError("its checksum does not match its content")
        return _manifest(body)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexUnusable(
            f"a whole manifest in {layout.manifest}", f"a damaged one ({error})", "restore it from a copy, or ingest into another folder"
        ) from None


def _foreign(layout: Layout, body: Mapping[str, object]) -> IndexUnusable:
    return IndexUnusable(
        f"{FORMAT}, version {VERSION}, in {layout.manifest}",
        f"{str(body.get('format'))[:60]!r}, version {str(body.get('version'))[:20]}",
        "open it with the release that wrote it, or ingest again into another folder",
    )


def _digest(body: Mapping[str, object]) -> str:
    return sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _manifest(body: dict[str, object]) -> Manifest:
    """Read the fields back; ValueError, KeyError or TypeError when one is not what it must be."""
    counts = {name: _counts(body[name]) for name in ("collections", "licences", "languages", "holders")}
    files = body["files"]
    if not isinstance(files, list):
        raise TypeError("files is not a list")
    return Manifest(
        generation=_integer(body["generation"]),
        build=_text(body["build"]),
        store_id=_text(body["store_id"]),
        created=_text(body["created"]),
        analysis=_text(body["analysis"]),
        encoder=EncoderIdentity(**_object(body["encoder"])),  # type: ignore[arg-type]
        total=_count(body["total"]),
        refusals={name: _integer(value) for name, value in _object(body["refusals"]).items()},
        dense=DenseFacts(**{name: _integer(value) for name, value in _object(body["dense"]).items()}),
        files=tuple(FileRecord(**_object(record)) for record in files),  # type: ignore[arg-type]
        repeats=_repeats(body.get("repeats")),
        **counts,
    )


def _repeats(value: object) -> Repeats | None:
    return None if value is None else Repeats(**{name: _integer(number) for name, number in _object(value).items()})


def _counts(value: object) -> dict[str, Count]:
    return {name: _count(count) for name, count in _object(value).items()}


def _count(value: object) -> Count:
    return Count(**{name: _integer(number) for name, number in _object(value).items()})


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, not {value!r}")
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"an integer was expected, not {value!r}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value
