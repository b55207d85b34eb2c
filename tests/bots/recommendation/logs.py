"""Small worlds of customers, made by chance with a rule in them that can be learnt."""

import random

Row = tuple[str, str, float]
DAY = 86_400.0


def courses(*, customers: int = 120, items: int = 40, seed: int = 3) -> list[Row]:
    """Nobody takes anything twice; after item n mostly comes item n + 1."""
    chance, found = random.Random(seed), []
    for customer in range(customers):
        place, had = chance.randrange(items), set[int]()
        for step in range(chance.randint(6, 12)):
            while place in had:
                place = chance.randrange(items)
            had.add(place)
            found.append((f"c{customer}", f"i{place}", 1.6e9 + DAY * step))
            place = (place + 1) % items if chance.random() < 0.8 else chance.randrange(items)
    return found


def baskets(*, customers: int = 60, items: int = 80, seed: int = 5) -> list[Row]:
    """Everybody takes their own five again and again, two others with them."""
    chance, found = random.Random(seed), []
    for customer in range(customers):
        own = chance.sample(range(items), 5)
        for visit in range(8):
            taken = {*chance.sample(own, 3), *chance.sample(range(items), 2)}
            found += [(f"c{customer}", f"i{item}", 1.6e9 + 3 * DAY * visit) for item in taken]
    return found
