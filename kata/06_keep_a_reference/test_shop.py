import asyncio
import gc
import weakref

import pytest
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

    async def answer(self, problem: str = "") -> None:
        self.answering = True
        for answer in list(self.waiting):
            answer.set_exception(OSError(problem)) if problem else answer.set_result(None)
        await asyncio.sleep(1)


@pytest.fixture(autouse=True)
def collect_only_when_asked():
    gc.disable()
    gc.freeze()  # gc.collect() then looks only at what the test makes, and holds up nobody
    yield
    gc.unfreeze()
    gc.enable()


async def test_receipts_survive_the_garbage_collector():
    mail = Mail()
    shop = Shop(mail.send)
    for customer in ["Ada", "Grace", "Ada", "Joan"]:
        shop.order(customer)
    await asyncio.sleep(1)
    gc.collect()
    await mail.answer()
    assert sorted(mail.sent) == ["Ada", "Ada", "Grace", "Joan"], f"4 orders, two of them Ada's; sent were {mail.sent}"


@given(st.text("adgr", min_size=1))
async def test_answers_before_the_receipt_is_sent(customer):
    mail = Mail()
    shop = Shop(mail.send)
    assert shop.order(customer) == f"Thank you, {customer}!"
    assert mail.sent == []
    await asyncio.sleep(1)
    await mail.answer()
    assert mail.sent == [customer], f"one order, and the receipts sent are {mail.sent}"


@pytest.mark.redloop(leaks="off")  # who looks at the error is exercise 07
@pytest.mark.parametrize("problem", ["", "mailbox full"])
async def test_lets_go_of_tasks_that_have_ended(problem, caplog):
    caplog.set_level(100)  # a log record would hold the error, and with it the task
    mail = Mail()
    shop = Shop(mail.send)
    for customer in ["Ada", "Grace", "Joan"]:
        shop.order(customer)
    await asyncio.sleep(1)
    await mail.answer(problem)
    gc.collect()
    kept = [reference() for reference in mail.started if reference() is not None]
    assert kept == [], f"3 tasks have ended ({problem or 'all went well'}), and somebody still holds {kept}"
    assert shop.order("Mary") == "Thank you, Mary!"  # the shop is still there, and so is all that it holds
    await asyncio.sleep(1)
