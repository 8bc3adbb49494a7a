import asyncio
import sqlite3


async def sign(path, names):
    def work():
        book = sqlite3.connect(path, isolation_level=None, timeout=30)
        book.execute("BEGIN IMMEDIATE")
        try:
            for name in names:
                book.execute("INSERT INTO guest (name) VALUES (?)", [name])
            [guests] = book.execute("SELECT count(*) FROM guest").fetchone()
            book.execute("COMMIT")
        except BaseException:
            book.execute("ROLLBACK")
            raise
        finally:
            book.close()
        return guests

    return await asyncio.get_running_loop().run_in_executor(None, work)
