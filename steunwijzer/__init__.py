"""Steunwijzer: the services behind the assistant. They know neither Rasa nor the web."""

__version__ = "0.1.0"
