import networkx as nx

graph = nx.karate_club_graph()
positions = nx.spring_layout(graph, iterations=5)
print(positions[0], positions[33])
