# fails: test_the_answer_is_shown_at_once
# looks like: the provider was awaited to its very end before the answer was shown
import asyncio


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()
    await provide(answer)
    show(await answer)
