import random

TARGET = [1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0]


def individual():
    return [random.randint(0, 1) for _ in TARGET]


def fitness(genes):
    return sum(gene == wanted for gene, wanted in zip(genes, TARGET))


def evolve(population, generations=5):
    for _ in range(generations):
        population.sort(key=fitness, reverse=True)
        parents = population[:4]
        children = []
        for _ in range(12):
            mother, father = random.sample(parents, 2)
            cut = random.randrange(1, len(TARGET))
            child = mother[:cut] + father[cut:]
            if random.random() < 0.1:
                child[random.randrange(len(child))] ^= 1
            children.append(child)
        population = parents + children
    return population


if __name__ == "__main__":
    final = evolve([individual() for _ in range(16)])
    print([fitness(genes) for genes in final])
    print(final[0])
