"""What a function of the library is called: by people, and by the library itself."""

from __future__ import annotations

# How the library knows a function, and how people do: of a module or class the beginning of the name, else all of it.
_SPOKEN = {
    "concurrent.futures.process._chain_from_iterable_of_lists": "concurrent.futures.Executor.map",
    "genericpath.": "os.path.",
    "posixpath.": "os.path.",
    "ntpath.": "os.path.",
    "selectors._PollLikeSelector.": "selectors.PollSelector.",
    "socket.socket.": "socket.",
    "sqlite3.dump._iterdump": "sqlite3.Connection.iterdump",
    "threading._RLock.": "threading.RLock.",
    "pathlib._abc.PathBase.": "pathlib.Path.",
    "tempfile._TemporaryFileWrapper.": "tempfile.NamedTemporaryFile.",
    "zoneinfo._common.load_data": "zoneinfo.ZoneInfo",
    "zoneinfo._tzpath.find_tzfile": "zoneinfo.ZoneInfo",
    "glob._Globber": "pathlib.Path.glob",
    "xmlrpc.client._Method": "xmlrpc.client.ServerProxy",
    "concurrent.futures.thread.": "concurrent.futures.",
    "concurrent.futures.process.": "concurrent.futures.",
    "multiprocessing.connection._ConnectionBase.": "multiprocessing.Connection.",
    "multiprocessing.context.BaseContext.": "multiprocessing.",
    "multiprocessing.synchronize.": "multiprocessing.",
    "multiprocessing.pool.": "multiprocessing.",
    "multiprocessing.queues.": "multiprocessing.",
}


def spellings(call: str) -> list[str]:
    """Return the names by which the library itself may know the function that people call `call`."""
    return [call, *(long + call.removeprefix(short) for long, short in _SPOKEN.items() if call.startswith(short))]


def public_name(dotted: str) -> str:
    """Return the name that people write for a function of the library: without the private modules that it lives in."""
    dotted = dotted.partition(".<locals>")[0]  # what it made stands for what was called
    for long, short in _SPOKEN.items():
        if dotted.startswith(long):
            dotted = short + dotted.removeprefix(long) if short.endswith(".") else short
    *path, name = dotted.removesuffix(".__init__").split(".")
    return ".".join(
        [*(part for part in path if not part.startswith("_")), name if name.endswith("__") else name.lstrip("_")]
    )
