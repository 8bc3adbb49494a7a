# fails: test_an_error_of_the_upload_reaches_the_caller test_an_error_of_the_rendering_reaches_the_caller
# looks like: the error came back as a value among the results, and nobody looked at it
import asyncio


async def publish(upload, render):
    text, _ = await asyncio.gather(render(), upload(), return_exceptions=True)
    return f"on line: {text}"
