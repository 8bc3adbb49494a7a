import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self.open = []

    def order(self, customer):
        task = asyncio.get_running_loop().create_task(self.send(customer))
        self.open.append(task)
        task.add_done_callback(self.sent)
        return f"Thank you, {customer}!"

    def sent(self, task):
        self.open.remove(task)
