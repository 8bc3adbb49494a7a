# fails: test_the_event_loop_goes_on test_asks_for_all_prices_at_the_same_time test_an_error_reaches_the_caller
# looks like: the threads are joined on the loop's own thread, which waits for them
import threading


async def price_list(price, articles):
    prices = {}

    def ask(article):
        prices[article] = price(article)

    threads = [threading.Thread(target=ask, args=[article]) for article in articles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [prices.get(article) for article in articles]
