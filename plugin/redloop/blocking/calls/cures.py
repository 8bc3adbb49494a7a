"""What to write instead of a call: of the one that the suite's code makes, however deep in a library it blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redloop.blocking.calls import catalogue

if TYPE_CHECKING:
    from redloop.blocking.calls.catalogue import Entry

_CONDITION = "asyncio.Condition; await asyncio.to_thread(…) round code that shares it with threads"
_IN_A_THREAD = "await asyncio.to_thread(lambda: list(…))"  # a generator works when it is iterated over, not before

# What people call when the blocking itself happens further in, in a lock or a poll: the cure belongs to the outer name.
CURES = {
    "concurrent.futures.Future.result": "await asyncio.wrap_future(future)",
    "concurrent.futures.Future.exception": "await asyncio.wrap_future(future)",
    "concurrent.futures.wait": "await asyncio.wait([asyncio.wrap_future(future) for future in futures])",
    "concurrent.futures.as_completed": "asyncio.as_completed(map(asyncio.wrap_future, futures))",
    "concurrent.futures.Executor.map": "await asyncio.gather(*(loop.run_in_executor(pool, …) for …))",
    "concurrent.futures.Executor.__exit__": "await asyncio.to_thread(pool.shutdown)",
    "concurrent.futures.ThreadPoolExecutor.shutdown": "await asyncio.to_thread(pool.shutdown)",
    "concurrent.futures.ProcessPoolExecutor.shutdown": "await asyncio.to_thread(pool.shutdown)",
    "file.__next__": "await asyncio.to_thread(file.readlines)",
    "os.walk": _IN_A_THREAD,
    "os.fwalk": _IN_A_THREAD,
    "glob.iglob": _IN_A_THREAD,
    "pathlib.Path.glob": _IN_A_THREAD,
    "pathlib.Path.iterdir": _IN_A_THREAD,
    "pathlib.Path.rglob": _IN_A_THREAD,
    "pathlib.Path.walk": _IN_A_THREAD,
    "queue.Queue.get": "asyncio.Queue between tasks; await asyncio.to_thread(queue.get) to hear from a thread",
    "queue.Queue.put": "asyncio.Queue between tasks; await asyncio.to_thread(queue.put, …) to tell a thread",
    "queue.Queue.join": "await asyncio.to_thread(queue.join)",
    "threading.Thread.join": "await asyncio.to_thread(thread.join)",
    "threading.Event.wait": "asyncio.Event, set from a thread with loop.call_soon_threadsafe(event.set)",
    "threading.Condition.__enter__": _CONDITION,
    "threading.Condition.wait": _CONDITION,
    "threading.Condition.wait_for": _CONDITION,
    "threading.Semaphore.acquire": "asyncio.Semaphore; await asyncio.to_thread(…) round code shared with threads",
    "threading.Barrier.wait": "asyncio.Barrier; await asyncio.to_thread(barrier.wait) to meet threads",
    "multiprocessing.Event.wait": "await asyncio.to_thread(event.wait)",
    "multiprocessing.Condition.wait": "await asyncio.to_thread(…) round all that is done with the condition",
    "multiprocessing.Condition.wait_for": "await asyncio.to_thread(…) round all that is done with the condition",
    "multiprocessing.JoinableQueue.join": "await asyncio.to_thread(queue.join)",
    "xmlrpc.client.ServerProxy": "await asyncio.to_thread(proxy.method, …)",
    "asyncio.run_coroutine_threadsafe": "await the coroutine itself: it is the same loop",
    "zoneinfo.ZoneInfo": "make it before the loop runs: the same one is given out again",
}

SLOW_HANDLER_CURE = "a logging.handlers.QueueHandler, so that the slow handler runs in the QueueListener's thread"
_AIOBOTO, _AIOMYSQL = "aioboto3", "asyncmy or aiomysql"
_HTTP, _ELASTICSEARCH = "an async client: aiohttp.ClientSession() or httpx.AsyncClient()", "AsyncElasticsearch"
_SQLALCHEMY = "create_async_engine() and AsyncSession of sqlalchemy.ext.asyncio"

# What a library has to offer instead, or another one that does the same.
_SIBLINGS = {
    "MySQLdb": _AIOMYSQL,
    "boto3": _AIOBOTO,
    "botocore": _AIOBOTO,
    "dns": "dns.asyncresolver",
    "elastic_transport": _ELASTICSEARCH,
    "elasticsearch": _ELASTICSEARCH,
    "filelock": "async with filelock.AsyncFileLock(…)",
    "httpx": "httpx.AsyncClient(), whose methods are awaited",
    "logging": SLOW_HANDLER_CURE,
    "mysql": "mysql.connector.aio",
    "paramiko": "asyncssh",
    "pg8000": "asyncpg or psycopg.AsyncConnection",
    "pika": "aio-pika",
    "psycopg": "psycopg.AsyncConnection",
    "psycopg2": "psycopg.AsyncConnection or asyncpg",
    "psycopg_pool": "psycopg_pool.AsyncConnectionPool",
    "pymongo": "pymongo.AsyncMongoClient",
    "pymysql": _AIOMYSQL,
    "redis": "redis.asyncio.Redis, whose methods are awaited",
    "requests": _HTTP,
    "s3transfer": _AIOBOTO,
    "sqlalchemy": _SQLALCHEMY,
    "sqlmodel": _SQLALCHEMY,
    "tenacity": "the same decorator on an `async def`: it awaits its pauses",
    "urllib3": _HTTP,
}


def cure(entry: Entry, call: str, *, is_awaited: bool = False) -> str:
    """What to write instead of `call`, which is the call of `entry`, or makes it somewhere inside.

    If it `is_awaited`, there is nothing to write: it is asynchronous, and blocks all the same.
    """
    library, name = _top(call), call.rpartition(".")[2]
    if is_awaited:
        return f"nothing: it is awaited, and blocks inside of {library}, whose authors can mend that"
    if call in CURES:
        return CURES[call]
    its_own = call == entry.call or (library == _top(entry.call) and library not in _SIBLINGS)
    if entry.instead and (its_own or entry.call in catalogue.NEEDED_ONCE):
        return entry.instead.replace(f"({entry.call}", f"({call}")
    is_new = "async" in call.lower()  # a client that is awaited, and it is making it that blocks
    if library in _SIBLINGS and not is_new:
        return f"{_SIBLINGS[library]}; or await asyncio.to_thread(…) round it"
    if name in {"__enter__", "__exit__"}:
        return "await asyncio.to_thread(…) round all of the `with`"
    what = "(…) round it" if name.startswith("__") else f"({call}, …)"
    in_a_thread = f"await asyncio.to_thread{what}"
    return f"make it once, where nobody waits; or {in_a_thread}" if is_new else in_a_thread


def _top(call: str) -> str:
    return call.partition(".")[0]
