"""When a message is about danger to life or safety: the learned score, and words that leave no doubt in any common language."""

from __future__ import annotations

import re

from nlu.text import normalise

# Words for suicide and for an attack with a weapon. They only ever add an alarm, and only words that have no other use: everything that needs its
# context is left to the learned score. Between languages: nl, en, de, fr, pl, tr, es, pt, it, ro, ar, uk, ru.
_CERTAIN = re.compile(
    r"""
    \b(?:
        zelfmoord\w* | zelfdoding\w* | su[iï]cid\w* | zelfdodings\w*
      | suicid\w* | kill(?:ing)?\s(?:myself|himself|herself|themsel\w+) | (?:end|ending|take|taking)\s(?:my|his|her|their)\s(?:own\s)?life
      | selbstmord\w* | suizid\w* | umbringen | mich\sumzubringen
      | me\ssuicider | se\ssuicider | me\stuer | se\stuer
      | samob[oó]j\w* | si[eę]\szabi[cćj]\w* | zabij[eę]\ssi[eę]
      | intihar\w* | kendini\s[oö]ld[uü]r\w* | kendimi\s[oö]ld[uü]r\w*
      | suicidar\w* | quitar(?:me|se)\sla\svida | matar(?:me|se)
      | uccidermi | uccidersi | togliermi\sla\svita
      | sinucid\w*
      | самогуб\w* | самоуб\w* | покончить\sс\sсобой | покінчити
    )
    | انتحار | الانتحار | أقتل\sنفسي | ينتحر | قتل\sنفس
    """,
    re.VERBOSE,
)


def is_certain(text: str) -> bool:
    """Whether the message holds a word that names suicide outright."""
    return _CERTAIN.search(normalise(text)) is not None


def is_crisis(text: str, score: float, threshold: float) -> bool:
    """Crisis when the learned score passes its threshold, or a word leaves no doubt."""
    return score > threshold or is_certain(text)
