"""Many requests, a few at a time; what is there already is not asked for."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from multisat.contracts.remote import Progress
from multisat_sentinel_hub.answers import unpacked
from multisat_sentinel_hub.bodies import PATH, TAR, TIFF
from multisat_sentinel_hub.cost import AT_ONCE
from multisat_sentinel_hub.keeping import Kept
from multisat_sentinel_hub.pieces import Piece
from multisat_sentinel_hub.service import Service


def fetch(pieces: Sequence[Piece], service: Service, folder: Kept, progress: Progress | None = None) -> None:
    """Ask for the pieces that a folder lacks. After an error nothing more is asked; what has come is kept.

    Args:
        pieces: What is wanted.
        service: Whom to ask.
        folder: Where answers are kept.
        progress: Called with pieces done and pieces in all.

    Raises:
        CredentialsError: The login is missing, or was refused.
        ProviderError: A request was refused, or there is no answer.
    """
    wanted = {piece.key: piece for piece in pieces}
    missing = [piece for piece in wanted.values() if not folder.has(piece)]
    done = len(wanted) - len(missing)
    if progress is not None:
        progress(done, len(wanted))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [pool.submit(_ask, piece, service, folder) for piece in missing]
        try:
            for one in as_completed(asked):
                one.result()
                done += 1
                if progress is not None:
                    progress(done, len(wanted))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _ask(piece: Piece, service: Service, folder: Kept) -> None:
    accept = TAR if len(piece.outputs) > 1 else TIFF
    folder.put(piece, unpacked(service.send("POST", PATH, piece.body, accept=accept), piece))
