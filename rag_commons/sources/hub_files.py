"""Files of data sets of the Hugging Face hub, `hub:owner/name[@revision]/path`: listed, then fetched one at a time into its cache."""

import re
from dataclasses import dataclass
from pathlib import Path

from rag_commons.errors import DocumentRefused, InputError

HUB = "hub:"
_ADDRESS = re.compile(r"hub:([\w.-]{1,96}/[\w.-]{1,96}?)(?:@([\w./-]{1,100}?))?(?:/(?!/)(.{1,500}))?\Z")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a data set at one commit."""

    repository: str
    commit: str
    path: str
    endpoint: str | None = None

    @property
    def name(self) -> str:
        """What it is called in messages, and what the configuration of its path is read from."""
        return f"{self.repository}@{self.commit[:12]}/{self.path}"

    def fetch(self) -> Path:
        """Return where the cache holds the file, fetched or taken up again where it is not there whole; raises DocumentRefused."""
        from huggingface_hub import hf_hub_download

        try:
            held = hf_hub_download(self.repository, self.path, repo_type="dataset", revision=self.commit, endpoint=self.endpoint)
        except _failures() as error:
            seen = f"{self.name[:200]}: {type(error).__name__}: {' '.join(str(error).split())[:160]}"
            raise DocumentRefused("unreachable", "a file that the hub gives", seen, "run it again: it goes on where it stopped") from None
        return Path(held)


def list_hub_files(address: str, suffixes: tuple[str, ...], endpoint: str | None = None) -> list[HubFile]:
    """Return the files under an address of the hub that end in a suffix, at the commit that its revision names today.

    Raises InputError where the address is wrong, the hub does not know it or cannot be reached, or there is no such file.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

    said = _ADDRESS.match(address)
    if not said:
        raise InputError("hub:owner/name[@revision]/path", repr(address[:160]), "correct the address")
    repository, revision, path = said[1], said[2], (said[3] or "").strip("/")
    api = HfApi(endpoint=endpoint)
    try:
        commit = str(api.dataset_info(repository, revision=revision).sha)
        if path.endswith(suffixes):
            return [HubFile(repository, commit, path, endpoint)]
        tree = api.list_repo_tree(repository, path or None, recursive=True, revision=commit, repo_type="dataset")
        names = sorted(item.path for item in tree if isinstance(item, RepoFile) and item.path.endswith(suffixes))
    except _failures() as error:
        seen = f"{address[:160]}: {type(error).__name__}: {' '.join(str(error).split())[:160]}"
        raise InputError("a data set that the hub knows and gives", seen, "check the address and the network") from None
    if not names:
        raise InputError(f"{', '.join(suffixes)} files in the data set", f"none under {address[:160]}", "check the path")
    return [HubFile(repository, commit, name, endpoint) for name in names]


def _failures() -> tuple[type[Exception], ...]:
    """Return what the hub's client raises where it finds nothing or cannot go on."""
    from huggingface_hub import errors

    # its HTTP library is its own affair, and not the one that is installed as httpx
    network: type[Exception] = errors.HTTPError  # type: ignore[attr-defined]  # imported there, and raised
    return (OSError, ValueError, RuntimeError, network, errors.RevisionResolutionError, errors.EntryNotFoundError, errors.XetDownloadError)
