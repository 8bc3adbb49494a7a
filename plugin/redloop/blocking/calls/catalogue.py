"""What blocks, and what to write instead.

A *target* is written `module:qualname`, as the callable is found. Only modules that are loaded are looked at: what is
not imported cannot be called. A target that this Python or this machine does not have is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls import harmless
from redloop.modules import is_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Entry:
    """One callable that blocks: its name as a person writes it, and the cure.

    `harmless`, given the call's arguments, says whether this one returns at once. `target` is where it lives.
    """

    call: str
    instead: str
    target: str
    harmless: Callable[..., bool] | None = None
    mutex: bool = False
    flushes: bool = False  # it may write what is in a file's buffer: reported when it does

    @property
    def module(self) -> str:
        """The module that must be loaded for there to be such a call."""
        return self.target.partition(":")[0]


@dataclass(frozen=True, slots=True)
class _Family:
    """Callables with one cure, and one way to tell when they return at once. A blank line parts what they wait for."""

    instead: str
    targets: str
    harmless: Callable[..., bool] | None = None
    mutex: bool = False
    flushes: bool = False


_THREAD = "await asyncio.to_thread({call}, …)"
_LOOP_SOCKET = "asyncio.open_connection(…), or loop.{loop_name}(…) on a non-blocking socket"

_FAMILIES = (
    _Family("await asyncio.sleep(…)", "time:sleep", harmless.zero_seconds),
    _Family(
        "import it at the top of the file, or await asyncio.to_thread(importlib.import_module, …)",
        "_frozen_importlib:_find_and_load=import",
    ),
    _Family(_THREAD, "io:open=open io:open_code", harmless.from_descriptor),
    _Family(
        "await asyncio.to_thread(file.{name}, …)",
        """
        io:TextIOWrapper.read=file.read io:TextIOWrapper.readline=file.readline
        _io:_IOBase.readlines=file.readlines _io:_IOBase.readline=file.readline
        io:TextIOWrapper.write=file.write _io:_IOBase.writelines=file.writelines
        io:TextIOWrapper.truncate=file.truncate io:BufferedReader.read=file.read
        io:BufferedReader.read1=file.__next__ io:BufferedReader.readinto=file.readinto
        io:BufferedReader.readinto1=file.readinto1 io:BufferedReader.readline=file.readline
        io:BufferedReader.peek=file.peek io:BufferedRandom.read=file.read io:BufferedRandom.read1=file.read1
        io:BufferedRandom.readinto=file.readinto io:BufferedRandom.readline=file.readline
        io:BufferedRandom.write=file.write io:BufferedWriter.write=file.write
        io:BufferedWriter.truncate=file.truncate io:FileIO.read=file.read io:FileIO.readall=file.readall
        io:FileIO.readinto=file.readinto io:FileIO.write=file.write io:FileIO.truncate=file.truncate
        """,
        harmless.not_a_file,
    ),
    _Family(
        "await asyncio.to_thread(file.{name}), or all of the writing in one such call",
        """
        io:TextIOWrapper.flush=file.flush io:BufferedRandom.flush=file.flush io:BufferedWriter.flush=file.flush
        io:TextIOWrapper.close=file.close io:BufferedRandom.close=file.close io:BufferedWriter.close=file.close
        io:TextIOWrapper.seek=file.seek io:BufferedRandom.seek=file.seek io:BufferedWriter.seek=file.seek
        """,
        harmless.not_a_written_file,
        flushes=True,
    ),
    _Family(
        _THREAD,
        """
        os:access os:chmod os:chown os:copy_file_range os:fdatasync os:fstat os:fstatvfs os:fsync os:ftruncate
        os:getxattr os:lchown os:link os:listdir os:listxattr os:lstat os:makedirs os:mkdir os:mkfifo os:open
        os:pread os:preadv os:pwrite os:pwritev os:readlink os:remove os:removedirs os:removexattr os:rename os:renames
        os:replace os:rmdir os:scandir os:sendfile os:setxattr os:stat os:statvfs os:symlink os:sync os:truncate
        os:unlink os:utime os:fchmod os:fchown os:mknod os:posix_fallocate
        shutil:copy shutil:copy2 shutil:copyfile shutil:copytree
        shutil:disk_usage shutil:make_archive shutil:move shutil:rmtree shutil:unpack_archive shutil:which
        tempfile:NamedTemporaryFile tempfile:TemporaryDirectory tempfile:TemporaryFile tempfile:mkdtemp
        tempfile:mkstemp glob:glob zipfile:ZipFile.extractall tarfile:TarFile.extractall
        pathlib:Path.read_text pathlib:Path.read_bytes pathlib:Path.write_text pathlib:Path.write_bytes
        configparser:RawConfigParser.read mimetypes:init pkgutil:get_data dbm:open shelve:open importlib:reload

        builtins:input getpass:getpass

        smtplib:SMTP.connect smtplib:SMTP.sendmail smtplib:SMTP.send_message ftplib:FTP.connect ftplib:FTP.login
        imaplib:IMAP4.login poplib:POP3.list

        multiprocessing.connection:_ConnectionBase.recv=multiprocessing.Connection.recv
        multiprocessing.connection:_ConnectionBase.recv_bytes=multiprocessing.Connection.recv_bytes
        multiprocessing.connection:_ConnectionBase.send=multiprocessing.Connection.send
        multiprocessing.connection:_ConnectionBase.send_bytes=multiprocessing.Connection.send_bytes
        multiprocessing.connection:Listener.accept=multiprocessing.Listener.accept
        multiprocessing.connection:Client=multiprocessing.Client
        multiprocessing.context:BaseContext.Pool=multiprocessing.Pool
        multiprocessing.context:BaseContext.Manager=multiprocessing.Manager
        multiprocessing.process:BaseProcess.start=multiprocessing.Process.start
        """,
    ),
    _Family(_THREAD, "shutil:copyfileobj", harmless.no_files),
    _Family(_THREAD, "hashlib:file_digest", harmless.not_a_file),
    _Family(
        "await asyncio.to_thread(writer.{name}, …)",
        "_csv:Writer.writerow=csv.writer.writerow _csv:Writer.writerows=csv.writer.writerows",
        harmless.calls_a_file_itself,
    ),
    _Family(_THREAD, "mmap:mmap.flush", harmless.not_mapped),
    _Family(_THREAD, "os:read os:write os:readv os:writev os:eventfd_read", harmless.non_blocking_fd),
    _Family(_THREAD, "fcntl:flock fcntl:lockf", harmless.lock_without_waiting),
    _Family(_THREAD, "os:lockf", harmless.tries_to_lock),
    _Family(
        _LOOP_SOCKET,
        """
        _socket:socket.accept=socket.accept _socket:socket._accept=socket.accept socket:socket.sendfile
        """,
        harmless.non_blocking_socket,
    ),
    _Family(
        _LOOP_SOCKET,
        "_socket:socket.connect=socket.connect _socket:socket.connect_ex=socket.connect_ex",
        harmless.connects_at_once,
    ),
    _Family(
        _LOOP_SOCKET,
        """
        _socket:socket.recv=socket.recv _socket:socket.recvfrom=socket.recvfrom _socket:socket.send=socket.send
        _socket:socket.sendall=socket.sendall _socket:socket.sendto=socket.sendto
        """,
        harmless.does_not_wait,
    ),
    _Family(
        _LOOP_SOCKET,
        """
        _socket:socket.recv_into=socket.recv_into _socket:socket.recvfrom_into=socket.recvfrom_into
        _socket:socket.recvmsg=socket.recvmsg _socket:socket.recvmsg_into=socket.recvmsg_into
        _socket:socket.sendmsg=socket.sendmsg
        """,
        harmless.message_does_not_wait,
    ),
    _Family(
        "await asyncio.open_connection(host, port, ssl=…)",
        """
        ssl:SSLSocket.do_handshake ssl:SSLSocket.connect ssl:SSLSocket.accept ssl:SSLSocket.read
        ssl:SSLSocket.write ssl:SSLSocket.recv ssl:SSLSocket.recv_into ssl:SSLSocket.send ssl:SSLSocket.sendall
        ssl:SSLSocket.unwrap
        """,
        harmless.non_blocking_socket,
    ),
    _Family(
        "one ssl.SSLContext for all, made before the loop runs; or await asyncio.to_thread({call}, …)",
        "ssl:create_default_context",
        harmless.only_given_certificates,
    ),
    _Family(
        "one ssl.SSLContext for all, made before the loop runs; or await asyncio.to_thread(context.{name}, …)",
        """
        ssl:SSLContext.load_default_certs
        _ssl:_SSLContext.set_default_verify_paths=ssl.SSLContext.set_default_verify_paths
        _ssl:_SSLContext.load_cert_chain=ssl.SSLContext.load_cert_chain
        _ssl:_SSLContext.load_verify_locations=ssl.SSLContext.load_verify_locations
        """,
        harmless.only_given_certificates,
    ),
    _Family("await asyncio.open_connection(host, port)", "socket:create_connection"),
    _Family("await asyncio.get_running_loop().getaddrinfo(host, port)", "socket:getaddrinfo", harmless.numeric_host),
    _Family(
        "await asyncio.get_running_loop().getaddrinfo(host, port)",
        "socket:gethostbyname socket:gethostbyname_ex socket:gethostbyaddr socket:getfqdn",
    ),
    _Family("await asyncio.get_running_loop().getnameinfo(address)", "socket:getnameinfo", harmless.numeric_name),
    _Family(
        "an async client: aiohttp.ClientSession() or httpx.AsyncClient()",
        """
        urllib.request:urlopen urllib.request:urlretrieve urllib.request:OpenerDirector.open
        http.client:HTTPConnection.connect http.client:HTTPConnection.request
        http.client:HTTPConnection.getresponse http.client:HTTPSConnection.connect http.client:HTTPResponse.read
        requests:request requests:get requests:post requests:put requests:patch requests:delete requests:head
        requests.sessions:Session.request requests.sessions:Session.send urllib3:PoolManager.urlopen
        urllib3:HTTPConnectionPool.urlopen urllib3:request
        """,
    ),
    _Family(
        "async with httpx.AsyncClient() as client: await client.{name}(…)",
        """
        httpx:get httpx:post httpx:put httpx:patch httpx:delete httpx:head httpx:options httpx:request
        httpx:Client.request httpx:Client.send
        """,
    ),
    _Family(
        "loop.add_reader(fd, …), or asyncio's streams",
        "select:select select:poll.poll select:devpoll.poll",
        harmless.zero_timeout,
    ),
    _Family(
        "loop.add_reader(fd, …), or asyncio's streams",
        "select:epoll.poll",  # but for `poll(0)`, and where a selector waits with it
    ),
    _Family(
        "loop.add_reader(fd, …), or asyncio's streams",
        "selectors:EpollSelector.select selectors:KqueueSelector.select selectors:SelectSelector.select",
        harmless.no_time,
    ),
    _Family(
        "process = await asyncio.create_subprocess_exec(…); await process.communicate()",
        """
        subprocess:run subprocess:call subprocess:check_call subprocess:check_output subprocess:getoutput
        subprocess:getstatusoutput subprocess:Popen.__init__=subprocess.Popen os:popen
        """,
    ),
    _Family(
        "process = await asyncio.create_subprocess_exec(…); await process.communicate()",
        "subprocess:Popen.communicate",
        harmless.process_heard_out,
    ),
    _Family(
        "process = await asyncio.create_subprocess_exec(…); await process.wait()",
        "subprocess:Popen.wait",
        harmless.process_waited_for,
    ),
    _Family("await asyncio.create_subprocess_shell(…)", "os:system os:spawnv os:spawnvp"),
    _Family(
        "process = await asyncio.create_subprocess_exec(…); await process.wait()",
        "os:wait os:wait3 os:wait4 os:waitid os:waitpid",
        harmless.no_hang,
    ),
    _Family("await asyncio.create_subprocess_exec(…)", "os:fork os:forkpty os:posix_spawn os:posix_spawnp"),
    _Family("loop.add_signal_handler(…)", "signal:pause signal:sigwait signal:sigwaitinfo"),
    _Family("loop.add_signal_handler(…)", "signal:sigtimedwait", harmless.zero_timeout),
    _Family(
        "aiosqlite, or await asyncio.to_thread(…) with a connection made there",
        """
        sqlite3:connect sqlite3:Connection.execute sqlite3:Connection.executemany
        sqlite3:Connection.executescript sqlite3:Connection.commit sqlite3:Connection.rollback
        sqlite3:Connection.backup sqlite3:Connection.__exit__ sqlite3:Cursor.execute sqlite3:Cursor.executemany
        sqlite3:Cursor.executescript sqlite3:Cursor.fetchone sqlite3:Cursor.fetchmany sqlite3:Cursor.fetchall
        sqlite3:Cursor.__next__
        """,
    ),
    _Family(
        "",  # each has its own, which is that of all that it does
        """
        psycopg:connect psycopg:Connection.execute psycopg:Connection.commit psycopg:Cursor.execute
        psycopg:Cursor.executemany psycopg:Cursor.fetchone psycopg:Cursor.fetchall psycopg2:connect MySQLdb:connect
        pymysql:connect pymysql.cursors:Cursor.execute pymysql.connections:Connection.commit
        redis:Redis.execute_command
        """,
    ),
    _Family(
        "asyncio.Lock between tasks; await asyncio.to_thread(…) round code that shares it with threads",
        """
        _thread:LockType.acquire=threading.Lock.acquire _thread:LockType.__enter__=threading.Lock.acquire
        _thread:LockType.acquire_lock=threading.Lock.acquire
        _thread:RLock.acquire=threading.RLock.acquire _thread:RLock.__enter__=threading.RLock.acquire
        """,
        mutex=True,
    ),
    _Family(
        "asyncio.Queue between tasks; await asyncio.to_thread(queue.get) to hear from a thread",
        "_queue:SimpleQueue.get=queue.SimpleQueue.get",
        harmless.has_one,
    ),
    _Family(
        "await asyncio.to_thread(thread.join)", "_thread:_ThreadHandle.join=threading.Thread.join", harmless.thread_done
    ),
    _Family(_THREAD, "multiprocessing.process:BaseProcess.join=multiprocessing.Process.join", harmless.process_done),
    _Family(
        _THREAD,
        """
        _multiprocessing:SemLock.acquire=multiprocessing.Lock.acquire
        _multiprocessing:SemLock.__enter__=multiprocessing.Lock.acquire
        """,
        mutex=True,
    ),
    _Family(
        "await asyncio.to_thread(queue.get)",
        "multiprocessing.queues:Queue.get=multiprocessing.Queue.get",
        harmless.no_wait,
    ),
)


def _entries() -> Iterator[Entry]:
    for family in _FAMILIES:
        for written in family.targets.split():
            target, _, call = written.partition("=")
            call = call or target.replace(":", ".").removeprefix("builtins.")
            name = call.rpartition(".")[2]
            instead = (
                family.instead.replace("{call}", call).replace("{name}", name).replace("{loop_name}", "sock_" + name)
            )
            yield Entry(call, instead, target, family.harmless, family.mutex, family.flushes)


_ALL = tuple(_entries())
SLEEP = next(entry for entry in _ALL if entry.call == "time.sleep")
IMPORT = next(entry for entry in _ALL if entry.call == "import")
RAW_WRITE = next(entry for entry in _ALL if entry.target == "io:FileIO.write")


OF_THE_LOOP = {f"socket.{name}" for name in ["recv", "recvfrom", "recvmsg", "send", "sendmsg", "sendto"]}
"""What the loop itself calls, on sockets that never wait. None takes an argument by name, and each at least one."""

ENDS_A_POOL = {"concurrent.futures.Executor.__exit__", "concurrent.futures.ThreadPoolExecutor.shutdown"}
"""What waits for threads, and for next to nothing where these have nothing to do: asyncio's documentation has one."""

NEEDED_ONCE = {IMPORT.call, *(entry.call for entry in _ALL if entry.harmless is harmless.only_given_certificates)}
"""What need not be done again: that holds whoever does it."""

WARNS = {"open", "os.fork", "os.forkpty"}
"""What warns, from C, and names the line of the innermost frame."""


def entries() -> tuple[Entry, ...]:
    """The whole catalogue."""
    return _ALL


def find(entry: Entry, modules: dict[str, Any]) -> tuple[Any, str, Any] | None:
    """Return `(owner, name, callable)` of an entry, or None where its module is not loaded or does not have it."""
    target = entry.target
    module_name, _, qualname = target.partition(":")
    owner: Any = modules.get(module_name)
    *path, name = qualname.split(".")
    if not is_module(owner):
        return None
    for part in path:
        owner = getattr(owner, part, None)
        if part == "poll" and owner is not None:  # select.poll is a function; its objects have a class without a name
            owner = type(owner())
    for home in owner.__mro__ if isinstance(owner, type) else (owner,):
        if home is not None and name in vars(home):
            return home, name, vars(home)[name]
    return None


# How the library knows a function, and how people do: of a module or class the beginning of the name, else all of it.
_SPOKEN = {
    "concurrent.futures.process._chain_from_iterable_of_lists": "concurrent.futures.Executor.map",
    "genericpath.": "os.path.",
    "posixpath.": "os.path.",
    "ntpath.": "os.path.",
    "socket.socket.": "socket.",
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
