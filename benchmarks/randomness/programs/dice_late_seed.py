import random

deck = [f"{rank}{suit}" for suit in "SHDC" for rank in "23456789TJQKA"]
random.shuffle(deck)


def main():
    random.seed(1234)
    hand = deck[:5]
    print(hand, random.random())


if __name__ == "__main__":
    main()
