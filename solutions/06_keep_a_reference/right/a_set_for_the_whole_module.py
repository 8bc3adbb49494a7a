import asyncio

_background = set()


def start(coroutine):
    task = asyncio.create_task(coroutine)
    _background.add(task)
    task.add_done_callback(_background.remove)


class Shop:
    def __init__(self, send):
        self.send = send

    def order(self, customer):
        start(self.send(customer))
        return f"Thank you, {customer}!"
