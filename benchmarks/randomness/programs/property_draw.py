import random


class Card:
    def __init__(self, suit):
        self.suit = suit

    @property
    def value(self):
        return random.randint(1, 13)


print([Card(suit).value for suit in "CDHS"])
