"""Which parity cases must run: their keys, the evidence kept, the samples."""
