"""The review in words: sentences made from numbers by rules. Each knows where its numbers are."""
