"""Keys of what was measured or shown: hashes of the definitions that it reaches.

A measurement, or what a page's cell printed, holds as long as nothing that it reaches
has changed. `definitions` takes files of code apart, `sources` finds what a name
means, `tables` takes data files apart, `reach` follows names from one definition to
the next, and a key is a hash of all that was found.
"""
