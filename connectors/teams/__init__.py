"""Microsoft Teams for coaches (and the public assistant for everybody else in the tenant): DESIGN §6.

``connectors.teams.app.teams(router)`` gives the routes; everything that knows the Microsoft 365 Agents SDK is in ``connector``.
"""
