import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from random import random


def fetch(page):
    time.sleep(0.05 * random())
    return page, page**2


with ThreadPoolExecutor(6) as pool:
    futures = [pool.submit(fetch, page) for page in range(12)]
    rows = [future.result() for future in as_completed(futures)]
print(rows)
