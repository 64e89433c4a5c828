"""The prevention flow: eight short questions in the order of the handreiking, ending in a plan with dates to download."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from actions.flow import COACH, Answers, Button, Message, Problem, Reply, Step, Validator
from actions.flow_forms import AskFlow, SubmitFlow, ValidateFlow
from actions.flow_values import choice_value, date_value, exact_button, match_button
from actions.phrases import is_question, plain
from actions.work_text import work_text
from nlu.entities import find as mentions
from nlu.topics import BEHAVIOURS as TOPIC_BEHAVIOURS
from steunwijzer import agreements, papers, prevention
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.dutch_dates import day_text

BEHAVIOURS = (
    Button("Onzeker of bang voor fouten", "Bang voor fouten", "faalangst"),
    Button("Eerst doen, dan denken", "Eerst doen, dan denken", "impulsiviteit"),
    Button("Snel afgeleid", "Snel afgeleid", "concentratie"),
    Button("Iets anders", "Iets anders", "anders"),
)


_LIKELY = 0.25
"""From this confidence of a topic about a behaviour on, what somebody tells is taken for that behaviour."""
_PRAISE = re.compile(
    r"\b(?:lief|lieve|aardig\w*|vriendelijk\w*|betrouwba\w+|harde werker|gouden|schat|topper|hartstikke goed|heel goed|werkt goed)\b"
)
_HOWEVER = re.compile(r"\b(?:maar|alleen|behalve|toch|niet|geen|te)\b")
_TELLS = 3
"""Words of a remark that tells about something else than the three behaviours; fewer are asked again."""


def heard_behaviour(text: str, message: Message) -> str | None:
    """The behaviour that words name or point at ('impulsief', 'hij is bang in het donker'), or None."""
    named = next((str(m.value) for m in mentions(text) if m.kind == "behaviour"), None)
    area = (message.topic or "").split("/")[0]
    return named or (area if area in TOPIC_BEHAVIOURS and message.confidence >= _LIKELY else None)


def _behaviour_value(step: Step) -> Validator:
    pick = choice_value(step)

    def validate(text: str, message: Message) -> Any:
        if _PRAISE.search(plain(text)) and not _HOWEVER.search(plain(text)) and exact_button(step, message) is None:
            return Problem("Mooi dat dat goed gaat. En wat maakt het werk nu lastig?", step.buttons, understood=True)
        found = pick(text, message)
        tells = len(text.split()) >= _TELLS and not (message.topic or "").startswith("dialoog/") and not is_question(text)
        return "anders" if isinstance(found, Problem) and tells else found

    return validate


def behaviour_step(question: str, why: str) -> Step:
    """The step that asks about which behaviour it is; other words are kept with 'Iets anders'."""
    step = Step(
        "behaviour",
        question,
        "choice",
        label="gedrag",
        asks_for="behaviour",
        why=why,
        how="Kies wat het meest op uw medewerker lijkt, of vertel het in een paar woorden. Past niets? Kies dan 'Iets anders'.",
        buttons=BEHAVIOURS,
        hears=heard_behaviour,
        keeps_words=True,
    )
    return replace(step, validate=_behaviour_value(step))


_HAS_HR = re.compile(r"\b(?:hr\w*|p&o|p en o|personeelszaken|personeelsafdeling|personeelsfunctionaris|hoofdkantoor)\b")
_NO_HR = re.compile(
    r"\b(?:geen|niet|nooit|zonder)\b|\b(?:ik|we|wij|mijn vrouw|mijn man|mn vrouw) (?:\w+ ){0,2}zelf\b|\b(?:ik|me|mij|mijn|onszelf|wij) ?zelf\b"
    r"|\b(?:alleen|enkel) ik\b|\bik alleen\b|\bikke\b"
)


_PARTLY = re.compile(
    r"\b(?:gedeeltelijk|deels|voor de helft|halve dagen|half|paar uur|\d+ (?:uur|procent)|aan het (?:opbouwen|re-?integreren))\b"
)
_ILL = re.compile(r"\b(?:ziek ?gemeld|zit (?:\w+ ){0,2}thuis|is ziek|helemaal ziek|volledig|sinds|al \w+ (?:dagen|we[e]?ken|maanden))\b")
_NOT_ILL = re.compile(r"\b(?:niet|nog niet|geen|werkt (?:nog|gewoon)|gewoon aan het werk|is er (?:nog|gewoon))\b")


def _heard_ill(text: str, message: Message) -> str | None:
    """Whether somebody is reported ill, from other words than the buttons' ("gedeeltelijk", "zit sinds vorige week thuis")."""
    said = plain(text)
    if is_question(text):
        return None
    return "partly" if _PARTLY.search(said) else "no" if _NOT_ILL.search(said) else "yes" if _ILL.search(said) else None


def _heard_hr(text: str, message: Message) -> str | None:
    """Whether there is HR, from other words than the buttons' ("ikzelf en de voorman", "op het hoofdkantoor"); None for a question."""
    said = plain(text)
    if is_question(text):
        return None
    return "no" if _NO_HR.search(said) else "yes" if _HAS_HR.search(said) else None


def today() -> date:
    """The day on which the flow runs, in the Netherlands."""
    return datetime.now(AMSTERDAM).date()


def _days(*choices: tuple[str, int]) -> tuple[Button, ...]:
    return tuple(Button(title, title, (today() + timedelta(days=days)).isoformat()) for title, days in choices)


def _named(name: str, step: Step) -> Step:
    """One of the six steps: its why, how and example stand under the question, and it gets a tick when answered."""
    details = "\n\n".join(part for part in (f"{step.why} {step.how}".strip(), step.example) if part)
    return replace(step, question=f"**{name}.** {step.question}", details=details, done_text=f"☑ {name}.")


def _talk_value(text: str, message: Message) -> Any:
    if message.choice == "done" or plain(text) in ("al gevoerd", "is al geweest", "al gedaan", "hebben we al gehad", "dat is al geweest"):
        return "done"
    return date_value(today, latest_days=90)(text, message)


def _help_value(step: Step) -> Any:
    def validate(text: str, message: Message) -> Any:
        button = match_button(step, message)
        return button.choice if button is not None else work_text(text, message)

    return validate


class PreventionFlow:
    """See `actions.flow.Flow`. Answers: behaviour, ill, first_day, hr, signal, talk, work, agreement, help, review."""

    name = "prevention"
    title = "Stappen om uitval te voorkomen"
    result = "Aan het eind krijgt u een plan van één bladzijde, om te downloaden (PDF en Word), met de data voor uw agenda."

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """The behaviour, when the conversation was about one."""
        behaviour = context.get("behaviour")
        return {"behaviour": behaviour} if behaviour in TOPIC_BEHAVIOURS else {}

    def opening(self, answers: Answers) -> str:
        """What is said first."""
        return (
            "We lopen samen de stappen door, van wat u ziet tot een plan van één bladzijde. U kunt elke vraag overslaan. "
            "Noem geen namen en niets over gezondheid."
        )

    def steps(self, answers: Answers) -> list[Step]:
        """The steps; a sick employee adds the first day of illness, which gives the dates of the Wet verbetering poortwachter."""
        behaviour = answers.get("behaviour")
        ill = answers.get("ill", "no") != "no"
        tips = agreements.suggestions(None if behaviour == "anders" else behaviour, None, limit=3)
        steps = [
            behaviour_step("Wat past het best bij wat u ziet?", "Dan passen de voorbeelden bij uw situatie. Het is geen diagnose."),
            Step(
                "ill",
                "Is de medewerker nu ziek gemeld?",
                "choice",
                label="ziekmelding",
                why="Bij ziekte gelden er vaste data. Die zet ik in uw plan. Waarom iemand ziek is, hoef ik niet te weten.",
                buttons=(Button("Nee", "Nee", "no"), Button("Ja", "Ja", "yes"), Button("Voor een deel", "Voor een deel", "partly")),
                hears=_heard_ill,
            ),
        ]
        if ill:
            steps.append(
                Step(
                    "first_day",
                    "Wat was de eerste ziektedag?",
                    "date",
                    label="eerste ziektedag",
                    why="Alle data van de Wet verbetering poortwachter tellen vanaf die dag.",
                    example="Typ bijvoorbeeld '5 oktober' of 'drie weken geleden'.",
                    validate=date_value(today, "past", latest_days=730),
                )
            )
        steps += [
            Step(
                "hr",
                "Hebt u HR of een personeelsafdeling?",
                "choice",
                label="HR",
                why="Zonder HR doet u meer zelf. Dan wijs ik u op wie kan meedenken.",
                buttons=(Button("Ja", "Ja, wij hebben HR", "yes"), Button("Nee, ik doe dit zelf", "Nee, ik doe dit zelf", "no")),
                hears=_heard_hr,
            ),
            Step(
                "signal",
                "Wat zag u de laatste weken anders gaan? Noem twee of drie voorbeelden.",
                label="signalen",
                why="Wie vroeg kijkt, kan nog veel voorkomen. Voorbeelden maken het gesprek makkelijker dan een oordeel.",
                how="Schrijf op wat u zag, wanneer, en wat het met het werk deed. Gis niet naar de oorzaak.",
                example="Bijvoorbeeld: 'Drie keer later begonnen deze maand. De telefoon blijft liggen.'",
                buttons=tuple(Button(words, words) for words in (answers.get("behaviour_words"),) if words),
                validate=work_text,
            ),
            Step(
                "talk",
                "Wanneer belt of ziet u de medewerker?" if ill else "Wanneer praat u met de medewerker?",
                "date",
                label="gesprek",
                why="Signalen zijn lastig te duiden. Vragen werkt beter dan gissen, en liefst binnen een paar dagen.",
                how="Een kwartier, rustig, onder vier ogen. Vraag naar het werk, niet naar ziekte.",
                example=f"U kunt zeggen: „{prevention.opening_sentence(behaviour, ill)}”",
                buttons=(*_days(("Morgen", 1), ("Over drie dagen", 3)), Button("Al gevoerd", "Al gevoerd", "done")),
                validate=_talk_value,
                show=lambda value: "al gevoerd" if value == "done" else day_text(date.fromisoformat(value)),
            ),
            Step(
                "work",
                "Welk deel van het werk kost nu het meest?",
                label="werk",
                why="Vaak helpt een kleine verandering in het werk al.",
                how="Denk aan tempo, te veel tegelijk, onduidelijke taken, sfeer, hulp. Vraag ook wat energie geeft.",
                example="Bijvoorbeeld: 'De telefoon en de balie tegelijk, vooral op zaterdag.'",
                validate=work_text,
            ),
            Step(
                "agreement",
                "Welke afspraak proberen jullie als eerste, twee tot vier weken lang? Kies er een of schrijf uw eigen.",
                label="afspraak",
                why="Een of twee afspraken zijn vol te houden, en u ziet of ze werken.",
                how="Zeg wie wat doet en tot wanneer.",
                example=f"Bijvoorbeeld: '{tips[0]}'",
                buttons=tuple(Button(tip, tip) for tip in tips),
                validate=work_text,
            ),
            self._help_step(answers),
            Step(
                "review",
                "Wanneer kijken jullie terug?",
                "date",
                label="terugkijken",
                why="Eén keer zegt weinig. Met een vast moment ziet u of het beter gaat.",
                how="Meestal na twee weken, en daarna op vaste momenten.",
                buttons=_days(("Over twee weken", 14), ("Over vier weken", 28)),
                validate=date_value(today, latest_days=365),
            ),
        ]
        names = {"signal": 0, "talk": 1, "work": 2, "agreement": 3, "help": 4, "review": 5}
        steps = [_named(prevention.STEP_NAMES[names[step.key]], step) if step.key in names else step for step in steps]
        return steps

    @staticmethod
    def _help_step(answers: Answers) -> Step:
        buttons = [
            Button("Bedrijfsarts of arbodienst", "De bedrijfsarts", "bedrijfsarts"),
            Button("Trajectbegeleider of jobcoach", "De trajectbegeleider of jobcoach", "coach"),
            Button("Een vaste collega", "Een vaste collega", "collega"),
        ]
        if answers.get("hr") != "no":
            buttons.append(Button("HR", "HR", "hr"))
        buttons.append(Button("Nog niemand", "Nog niemand", "niemand"))
        step = Step(
            "help",
            "Wie vraagt u als eerste mee te denken?",
            "choice",
            label="hulp",
            why="U hoeft het niet alleen te doen. Wacht niet tot de volgende afspraak.",
            how="De bedrijfsarts mag ook meedenken zonder ziekmelding. Loopt er al een trajectbegeleider of jobcoach mee? Bel die zelf.",
            buttons=tuple(buttons),
        )
        return replace(step, validate=_help_value(step))

    def finish(self, answers: Answers, context: Mapping[str, Any]) -> list[Reply]:
        """Keeps the plan and gives it as PDF, Word and calendar."""
        plan = prevention.build(answers, today())
        paper = papers.keep("plan", plan, context.get("conversation_id"))
        said = [(step.name, step.own or (day_text(step.when) if step.when else "")) for step in plan.steps]
        lines = [f"- **{name}:** {words}" for name, words in said if words]
        if plan.timeline:
            coming = next((d for d in plan.timeline if d.day >= plan.created), None)
            if coming is not None:
                lines.append(f"- **Eerstvolgende verplichting:** {coming.text.lower()}, uiterlijk {day_text(coming.day)}")
        summary = "\n".join(lines) or "U hebt alles overgeslagen. Het plan is een leeg formulier om samen in te vullen."
        text = f"Uw plan is klaar. Het past op één bladzijde en er staan geen namen in.\n\n{summary}\n\nU kunt het aanpassen in Word."
        buttons = (
            Button("Maak er werkafspraken van", "Ik wil werkafspraken opstellen", {"topic": "werkafspraken/opstellen"}),
            Button("Hoe begin ik het gesprek?", "Hoe begin ik het gesprek?", {"topic": "preventie/gesprek"}),
            COACH,
        )
        extra = {"files": papers.links(paper), "topic": "preventie/stappenplan", "flow": None, "step": None, "asks_for": None}
        return [Reply(text, buttons, extra)]


PREVENTION = PreventionFlow()


class ValidatePreventionForm(ValidateFlow):
    """`validate_prevention_form`."""

    flow = PREVENTION


class AskPrevention(AskFlow):
    """`action_ask_prevention_form_answer`."""

    flow = PREVENTION


class SubmitPrevention(SubmitFlow):
    """`action_submit_prevention`."""

    flow = PREVENTION
