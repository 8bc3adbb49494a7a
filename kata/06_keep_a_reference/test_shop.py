import asyncio
import gc
import weakref

from hypothesis import given, strategies as st
from shop import Shop


class Mail:
    """A mail server that lets everybody wait until it answers. It holds none of those who wait."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.answering = False
        self.waiting: weakref.WeakSet[asyncio.Future[None]] = weakref.WeakSet()
        self.started: list[weakref.ref[object]] = []

    async def send(self, customer: str) -> None:
        task = asyncio.current_task()
        self.started += [weakref.ref(task), weakref.ref(task.get_coro())]
        del task
        if not self.answering:
            answer = asyncio.get_running_loop().create_future()
            self.waiting.add(answer)
            await answer
        self.sent.append(customer)

    async def answer(self) -> None:
        self.answering = True
        for answer in list(self.waiting):
            answer.set_result(None)
        await asyncio.sleep(1)


async def test_receipts_survive_the_garbage_collector():
    mail = Mail()
    shop = Shop(mail.send)
    for customer in ["Ada", "Grace", "Joan"]:
        shop.order(customer)
    await asyncio.sleep(1)
    gc.collect()
    await mail.answer()
    assert sorted(mail.sent) == ["Ada", "Grace", "Joan"], f"3 orders, and when the mail server answered: {mail.sent}"


@given(st.text("adgr", min_size=1))
async def test_answers_before_the_receipt_is_sent(customer):
    mail = Mail()
    shop = Shop(mail.send)
    assert shop.order(customer) == f"Thank you, {customer}!"
    assert mail.sent == []
    await asyncio.sleep(1)
    await mail.answer()
    assert mail.sent == [customer], f"one order, and the receipts sent are {mail.sent}"


async def test_lets_go_of_tasks_that_have_ended():
    mail = Mail()
    shop = Shop(mail.send)
    for customer in ["Ada", "Grace", "Joan"]:
        shop.order(customer)
    await asyncio.sleep(1)
    await mail.answer()
    gc.collect()
    kept = [reference() for reference in mail.started if reference() is not None]
    assert kept == [], f"all 3 receipts are out, and somebody still holds {kept}"
    assert shop.order("Mary") == "Thank you, Mary!"  # the shop is still there, and so is all that it holds
    await asyncio.sleep(1)
