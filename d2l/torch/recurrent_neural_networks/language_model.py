"""Language models by counting n-grams.

Counts are no tensors, and the model is the same code in every framework.
`TimeMachine.get_dataloader`, the other subject of the section, is in
`text_sequence`.
"""

from d2l.common.text.ngrams import NGramLM

__all__ = ["NGramLM"]
