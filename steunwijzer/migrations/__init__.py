"""Alembic's history of the database; ``steunwijzer.db.migrate`` runs it."""
