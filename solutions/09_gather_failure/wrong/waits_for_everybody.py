# fails: test_the_others_are_stopped_at_once
# looks like: the error had to wait while installs went on that nobody had stopped yet
import asyncio


async def release(install, servers):
    answers = await asyncio.gather(*(install(server) for server in servers), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
