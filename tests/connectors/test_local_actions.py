"""Every action that the domain names exists."""

from __future__ import annotations

from pathlib import Path

import pytest


def test_a_wrong_name_in_the_domain_stops_the_start_with_an_explanation(tmp_path: Path) -> None:
    from connectors.bot import ModelError
    from connectors.local_actions import LocalActions

    LocalActions()
    domain = tmp_path / "domain.yml"
    domain.write_text("actions:\n  - action_find_region\n  - action_bestaat_niet\n  - utter_iets\n", encoding="utf-8")
    with pytest.raises(ModelError, match="action_bestaat_niet") as problem:
        LocalActions(domain)
    assert "action_find_region" not in str(problem.value)
    assert "make train" in str(problem.value)
