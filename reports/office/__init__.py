"""The program in one office: its first start, rights in the database, backup and restore.

On the top floor because it needs every floor below; the commands of the same names are thin.
"""
