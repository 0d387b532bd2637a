"""The pages of sets of criteria: who may, which set, their forms, lists and addresses."""
