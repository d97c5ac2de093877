import random


def quick_sort(items):
    if len(items) < 2:
        return items
    pivot = random.choice(items)
    return (
        quick_sort([item for item in items if item < pivot])
        + [item for item in items if item == pivot]
        + quick_sort([item for item in items if item > pivot])
    )


print(quick_sort([5, 3, 9, 1, 5, 7, 2]))
