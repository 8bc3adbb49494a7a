# fails: test_receipts_survive_the_garbage_collector test_answers_before_the_receipt_is_sent test_lets_go_of_tasks_that_have_ended
# looks like: order became a coroutine, and its caller, who is ordinary code, cannot await it
class Shop:
    def __init__(self, send):
        self.send = send

    async def order(self, customer):
        await self.send(customer)
        return f"Thank you, {customer}!"
