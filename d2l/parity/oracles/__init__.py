"""Float64 NumPy references that judge every framework alone, PyTorch included.

Each is written as the book's formula reads, not as a framework computes it. All
of them take complex numbers as well, and compare real parts only, so that
`differentiate` gets exact gradients out of them: a second opinion that no
framework's automatic differentiation had a part in.
"""
