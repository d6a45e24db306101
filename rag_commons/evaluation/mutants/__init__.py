"""Mutants: answers spoiled on purpose in one way each, to prove that the measures fall where they must and nowhere else."""
