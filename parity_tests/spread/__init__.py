"""Runs the parity tests on several processes, here or on a Dask cluster.

The controller is the pytest that a user starts. It splits what it collected into
groups, a plain list of lists of node ids, and hands them out. A case server is a
process that has collected the same, runs one group after another by pytest's own
protocol and answers with the reports, which the controller passes on to whatever
listens: the terminal, the JUnit file, the evidence.
"""
