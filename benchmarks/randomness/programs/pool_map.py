from concurrent.futures import ThreadPoolExecutor


def square(number):
    return number**2


with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(square, range(10))))
