"""The table of what blocks, and of what to write instead.

A *target* is written `module:qualname`, as the callable is found; where people call it by another name, that follows
after `=`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from redloop.blocking.calls import harmless

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Family:
    """Callables with one cure, and one way to tell when they return at once. A blank line parts what they wait for."""

    instead: str
    targets: str
    harmless: Callable[..., bool] | None = None
    mutex: bool = False
    flushes: bool = False


_THREAD = "await asyncio.to_thread({call}, …)"
_LOOP_SOCKET = "asyncio.open_connection(…), or loop.{loop_name}(…) on a non-blocking socket"

FAMILIES = (
    Family("await asyncio.sleep(…)", "time:sleep", harmless.zero_seconds),
    Family(
        "import it at the top of the file, or await asyncio.to_thread(importlib.import_module, …)",
        "_frozen_importlib:_find_and_load=import",
    ),
    Family(_THREAD, "io:open=open io:open_code", harmless.from_descriptor),
    Family(
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
    Family(
        "await asyncio.to_thread(file.{name}), or all of the writing in one such call",
        """
        io:TextIOWrapper.flush=file.flush io:BufferedRandom.flush=file.flush io:BufferedWriter.flush=file.flush
        io:TextIOWrapper.close=file.close io:BufferedRandom.close=file.close io:BufferedWriter.close=file.close
        io:TextIOWrapper.seek=file.seek io:BufferedRandom.seek=file.seek io:BufferedWriter.seek=file.seek
        """,
        harmless.not_a_written_file,
        flushes=True,
    ),
    Family(
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
    Family(_THREAD, "shutil:copyfileobj", harmless.no_files),
    Family(_THREAD, "hashlib:file_digest", harmless.not_a_file),
    Family(
        "await asyncio.to_thread(writer.{name}, …)",
        "_csv:Writer.writerow=csv.writer.writerow _csv:Writer.writerows=csv.writer.writerows",
        harmless.calls_a_file_itself,
    ),
    Family(_THREAD, "mmap:mmap.flush", harmless.not_mapped),
    Family(_THREAD, "os:read os:write os:readv os:writev os:eventfd_read", harmless.non_blocking_fd),
    Family(_THREAD, "fcntl:flock fcntl:lockf", harmless.lock_without_waiting),
    Family(_THREAD, "os:lockf", harmless.tries_to_lock),
    Family(
        _LOOP_SOCKET,
        """
        _socket:socket.accept=socket.accept _socket:socket._accept=socket.accept socket:socket.sendfile
        """,
        harmless.non_blocking_socket,
    ),
    Family(
        _LOOP_SOCKET,
        "_socket:socket.connect=socket.connect _socket:socket.connect_ex=socket.connect_ex",
        harmless.connects_at_once,
    ),
    Family(
        _LOOP_SOCKET,
        """
        _socket:socket.recv=socket.recv _socket:socket.recvfrom=socket.recvfrom _socket:socket.send=socket.send
        _socket:socket.sendall=socket.sendall _socket:socket.sendto=socket.sendto
        """,
        harmless.does_not_wait,
    ),
    Family(
        _LOOP_SOCKET,
        """
        _socket:socket.recv_into=socket.recv_into _socket:socket.recvfrom_into=socket.recvfrom_into
        _socket:socket.recvmsg=socket.recvmsg _socket:socket.recvmsg_into=socket.recvmsg_into
        _socket:socket.sendmsg=socket.sendmsg
        """,
        harmless.message_does_not_wait,
    ),
    Family(
        "await asyncio.open_connection(host, port, ssl=…)",
        """
        ssl:SSLSocket.do_handshake ssl:SSLSocket.connect ssl:SSLSocket.accept ssl:SSLSocket.read
        ssl:SSLSocket.write ssl:SSLSocket.recv ssl:SSLSocket.recv_into ssl:SSLSocket.send ssl:SSLSocket.sendall
        ssl:SSLSocket.unwrap
        """,
        harmless.non_blocking_socket,
    ),
    Family(
        "one ssl.SSLContext for all, made before the loop runs; or await asyncio.to_thread({call}, …)",
        "ssl:create_default_context",
        harmless.only_given_certificates,
    ),
    Family(
        "one ssl.SSLContext for all, made before the loop runs; or await asyncio.to_thread(context.{name}, …)",
        """
        ssl:SSLContext.load_default_certs
        _ssl:_SSLContext.set_default_verify_paths=ssl.SSLContext.set_default_verify_paths
        _ssl:_SSLContext.load_cert_chain=ssl.SSLContext.load_cert_chain
        _ssl:_SSLContext.load_verify_locations=ssl.SSLContext.load_verify_locations
        """,
        harmless.only_given_certificates,
    ),
    Family("await asyncio.open_connection(host, port)", "socket:create_connection"),
    Family("await asyncio.get_running_loop().getaddrinfo(host, port)", "socket:getaddrinfo", harmless.numeric_host),
    Family(
        "await asyncio.get_running_loop().getaddrinfo(host, port)",
        "socket:gethostbyname socket:gethostbyname_ex socket:gethostbyaddr socket:getfqdn",
    ),
    Family("await asyncio.get_running_loop().getnameinfo(address)", "socket:getnameinfo", harmless.numeric_name),
    Family(
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
    Family(
        "async with httpx.AsyncClient() as client: await client.{name}(…)",
        """
        httpx:get httpx:post httpx:put httpx:patch httpx:delete httpx:head httpx:options httpx:request
        httpx:Client.request httpx:Client.send
        """,
    ),
    Family(
        "loop.add_reader(fd, …), or asyncio's streams",
        "select:select select:poll.poll select:devpoll.poll",
        harmless.zero_timeout,
    ),
    Family(
        "loop.add_reader(fd, …), or asyncio's streams",
        "select:epoll.poll",  # but for `poll(0)`, and where a selector waits with it
    ),
    Family(
        "loop.add_reader(fd, …), or asyncio's streams",
        "selectors:EpollSelector.select selectors:KqueueSelector.select selectors:SelectSelector.select",
        harmless.no_time,
    ),
    Family(
        "process = await asyncio.create_subprocess_exec(…); await process.communicate()",
        """
        subprocess:run subprocess:call subprocess:check_call subprocess:check_output subprocess:getoutput
        subprocess:getstatusoutput subprocess:Popen.__init__=subprocess.Popen os:popen
        """,
    ),
    Family(
        "process = await asyncio.create_subprocess_exec(…); await process.communicate()",
        "subprocess:Popen.communicate",
        harmless.process_heard_out,
    ),
    Family(
        "process = await asyncio.create_subprocess_exec(…); await process.wait()",
        "subprocess:Popen.wait",
        harmless.process_waited_for,
    ),
    Family("await asyncio.create_subprocess_shell(…)", "os:system os:spawnv os:spawnvp"),
    Family(
        "process = await asyncio.create_subprocess_exec(…); await process.wait()",
        "os:wait os:wait3 os:wait4 os:waitid os:waitpid",
        harmless.no_hang,
    ),
    Family("await asyncio.create_subprocess_exec(…)", "os:fork os:forkpty os:posix_spawn os:posix_spawnp"),
    Family("loop.add_signal_handler(…)", "signal:pause signal:sigwait signal:sigwaitinfo"),
    Family("loop.add_signal_handler(…)", "signal:sigtimedwait", harmless.zero_timeout),
    Family(
        "aiosqlite, or await asyncio.to_thread(…) with a connection made there",
        """
        sqlite3:connect sqlite3:Connection.execute sqlite3:Connection.executemany
        sqlite3:Connection.executescript sqlite3:Connection.commit sqlite3:Connection.rollback
        sqlite3:Connection.backup sqlite3:Connection.__exit__ sqlite3:Cursor.execute sqlite3:Cursor.executemany
        sqlite3:Cursor.executescript sqlite3:Cursor.fetchone sqlite3:Cursor.fetchmany sqlite3:Cursor.fetchall
        sqlite3:Cursor.__next__
        """,
    ),
    Family(
        "",  # each has its own, which is that of all that it does
        """
        psycopg:connect psycopg:Connection.execute psycopg:Connection.commit psycopg:Cursor.execute
        psycopg:Cursor.executemany psycopg:Cursor.fetchone psycopg:Cursor.fetchall psycopg2:connect MySQLdb:connect
        pymysql:connect pymysql.cursors:Cursor.execute pymysql.connections:Connection.commit
        redis:Redis.execute_command
        """,
    ),
    Family(
        "asyncio.Lock between tasks; await asyncio.to_thread(…) round code that shares it with threads",
        """
        _thread:LockType.acquire=threading.Lock.acquire _thread:LockType.__enter__=threading.Lock.acquire
        _thread:LockType.acquire_lock=threading.Lock.acquire
        _thread:RLock.acquire=threading.RLock.acquire _thread:RLock.__enter__=threading.RLock.acquire
        """,
        mutex=True,
    ),
    Family(
        "asyncio.Queue between tasks; await asyncio.to_thread(queue.get) to hear from a thread",
        "_queue:SimpleQueue.get=queue.SimpleQueue.get",
        harmless.has_one,
    ),
    Family(
        "await asyncio.to_thread(thread.join)", "_thread:_ThreadHandle.join=threading.Thread.join", harmless.thread_done
    ),
    Family(_THREAD, "multiprocessing.process:BaseProcess.join=multiprocessing.Process.join", harmless.process_done),
    Family(
        _THREAD,
        """
        _multiprocessing:SemLock.acquire=multiprocessing.Lock.acquire
        _multiprocessing:SemLock.__enter__=multiprocessing.Lock.acquire
        """,
        mutex=True,
    ),
    Family(
        "await asyncio.to_thread(queue.get)",
        "multiprocessing.queues:Queue.get=multiprocessing.Queue.get",
        harmless.no_wait,
    ),
)
