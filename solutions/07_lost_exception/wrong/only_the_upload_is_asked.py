# fails: test_an_error_of_the_rendering_reaches_the_caller
# looks like: both errors come back as values, and only the one of the upload is looked at
import asyncio


async def publish(upload, render):
    uploaded, text = await asyncio.gather(upload(), render(), return_exceptions=True)
    if isinstance(uploaded, Exception):
        raise uploaded
    return f"on line: {text}"
