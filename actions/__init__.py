"""Custom actions: thin classes between Rasa and the services in `steunwijzer`."""
