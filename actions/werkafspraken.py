"""The builder of werkafspraken: one question per line of the paper, with suggestions, a preview, and a change of any line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.flow import COACH, Answers, Button, Message, Problem, Reply, Step
from actions.flow_forms import AskFlow, SubmitFlow, ValidateFlow
from actions.flow_values import choice_value, date_value, exact_button, gives_contact, is_no, is_yes
from actions.mail_step import address, known_mail, mail_step
from actions.phrases import DOCUMENT, DONE, plain
from actions.prevention import behaviour_step, heard_behaviour, today
from actions.work_text import work_text
from nlu.topics import BEHAVIOURS as TOPIC_BEHAVIOURS
from steunwijzer import agreements, papers, reports
from steunwijzer.dutch_dates import day_text
from steunwijzer.persons import find_persons

MAKE = "Ja, maak de werkafspraken"
_BESIDE_NUMBERS = frozenset({"en", "nee", "ja", "alleen", "nummer", "nr", "regel", "optie", "doe", "maar", "graag", "liever", "toch", "ook", "de"})
"""Words around the numbers of lines: "nee alleen 3" is line 3."""
_TELLS = 4
"""Words of somebody who tells about behaviour where a trade is asked; a trade takes fewer."""


def _heard_trade(text: str, message: Message) -> str | None:
    return agreements.trade_of(text)


def _trade_value(step: Step) -> Any:
    pick = choice_value(step)

    def validate(text: str, message: Message) -> Any:
        found = pick(text, message)
        if not isinstance(found, Problem):
            return found
        if find_persons(text):
            return Problem("Noem het soort werk, geen naam. Bijvoorbeeld: bakkerij of kapsalon.", step.buttons)
        if heard_behaviour(text, message) and (len(text.split()) >= _TELLS or message.entity("behaviour")):
            return found  # belongs to the next step
        # Another trade than the ones listed is fine: the general suggestions are used.
        return "anders" if isinstance(work_text(text, message), str) else found

    return validate


def _several(lines: list[str]) -> Any:
    """A validator for lines to pick from: '1 en 3' gives both, one under the other; own words are fine too."""

    def validate(text: str, message: Message) -> Any:
        picks = [word for word in re.split(r"[\s,&+]+", plain(text)) if word and word not in _BESIDE_NUMBERS]
        if picks and all(p.isdigit() for p in picks):
            if all(1 <= int(p) <= len(lines) for p in picks):
                return "\n".join(dict.fromkeys(lines[int(p) - 1] for p in picks))
            count = f"zijn {len(lines)} regels" if len(lines) > 1 else "is één regel"
            return Problem(f"Er {count} om uit te kiezen. Noem het nummer, of schrijf uw eigen regel.", tuple(Button(x, x) for x in lines))
        return work_text(text, message)

    return validate


class WerkafsprakenFlow:
    """See `actions.flow.Flow`. Answers: trade, behaviour, the keys of `agreements.LINES`, review, remind, email, ready."""

    name = "werkafspraken"
    title = "Werkafspraken opstellen"
    result = "Aan het eind krijgt u de werkafspraken op papier (PDF en Word), met ruimte voor twee handtekeningen."

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """The behaviour, when the conversation was about one, and whether the visitor's mail address is known."""
        behaviour = context.get("behaviour")
        known = known_mail(context)
        return {**known, "behaviour": behaviour} if behaviour in TOPIC_BEHAVIOURS else known

    def opening(self, answers: Answers) -> str:
        """What is said first."""
        return (
            "We zetten de werkafspraken op papier, regel voor regel. Schrijf over het werk, niet over ziektes, medicijnen of behandeling. "
            "Overslaan mag; dan blijft er ruimte om het samen in te vullen."
        )

    def steps(self, answers: Answers) -> list[Step]:
        """One step per line, then the date, the reminder and the preview."""
        behaviour = answers.get("behaviour")
        known = behaviour if behaviour in ("faalangst", "impulsiviteit", "concentratie") else None
        tips = agreements.suggestions(known, answers.get("trade"))
        steps = [
            self._trade(),
            behaviour_step("Waar gaat het vooral om?", "Dan passen de voorbeelden. Op papier komt alleen wat u zelf opschrijft."),
            Step(
                "needs",
                "Wat vraagt het werk? Noem de taak en wanneer die goed is.",
                label="wat het werk vraagt",
                why="Wie weet wat er verwacht wordt, hoeft niet te gissen.",
                example="Bijvoorbeeld: 'Elke ochtend tien bestellingen klaarzetten, voor elf uur.'",
                validate=work_text,
            ),
            Step(
                "strengths",
                "Wat gaat er goed?",
                label="wat goed gaat",
                why="Een afspraak bouwt op wat lukt.",
                example="Bijvoorbeeld: 'Is vriendelijk voor klanten en werkt netjes.'",
                validate=work_text,
            ),
            Step(
                "helps",
                "Wat helpt om het werk te doen? Kies een of meer regels ('1 en 3'), of schrijf uw eigen.",
                label="wat helpt",
                why="Het gaat om wat iemand nodig heeft, niet om waarom.",
                details="\n".join(f"{number}. {tip}" for number, tip in enumerate(tips, 1)),
                buttons=tuple(Button(tip, tip) for tip in tips),
                validate=_several(tips),
            ),
            self._role("employee", "Wat doet de medewerker zelf?", known, "Zo heeft de medewerker ook zelf invloed."),
            self._role("employer", "Wat doet u als werkgever?", known, "Een afspraak heeft twee kanten."),
            Step(
                "contact",
                "Wie is het vaste aanspreekpunt? Noem een rol, geen achternaam.",
                label="aanspreekpunt",
                why="Eén vast persoon is duidelijker dan vragen aan iedereen.",
                example="Bijvoorbeeld: 'De voorman van de ochtend.'",
                validate=work_text,
            ),
            self._role(
                "signal", "Welk teken spreken jullie af als het te veel wordt, en wat gebeurt er dan?", known, "Dan hoeft niemand te raden."
            ),
            self._role("proof", "Waaraan zien jullie dat het werkt?", known, "Dan is terugkijken makkelijk."),
            Step(
                "review",
                "Wanneer kijken jullie samen terug?",
                "date",
                label="datum",
                why="Een afspraak is een proef. Na twee tot vier weken past u aan wat niet werkt.",
                buttons=tuple(
                    Button(title, title, (today() + timedelta(weeks=weeks)).isoformat())
                    for title, weeks in (("Over twee weken", 2), ("Over vier weken", 4))
                ),
                validate=date_value(today, latest_days=365),
            ),
        ]
        return [*steps, *self._closing(answers)]

    @staticmethod
    def _trade() -> Step:
        buttons = tuple(Button(name.capitalize(), name.capitalize(), trade) for trade, name in agreements.trades().items())
        step = Step(
            "trade",
            "Voor wat voor werk maken we de afspraken?",
            "choice",
            label="werk",
            why="Dan passen de voorbeelden.",
            how="Kies de werkplek die er het meest op lijkt, of noem het soort werk. Bijvoorbeeld: bakkerij of kapsalon.",
            buttons=buttons,
            hears=_heard_trade,
            show=lambda trade: agreements.trades().get(trade, "ander werk"),
        )
        return replace(step, validate=_trade_value(step))

    @staticmethod
    def _role(key: str, question: str, behaviour: str | None, why: str) -> Step:
        lines = agreements.role_suggestions(behaviour, key)
        return Step(
            key,
            question,
            label=agreements.LINES[key].lower(),
            why=why,
            example=f"Bijvoorbeeld: '{lines[0]}'",
            buttons=tuple(Button(line, line) for line in lines),
            validate=_several(lines),
        )

    def _closing(self, answers: Answers) -> list[Step]:
        steps = []
        if answers.get("review"):
            steps.append(
                Step(
                    "remind",
                    "Wilt u een dag van tevoren een herinnering per mail? Ik bewaar uw adres dan tot die mail weg is.",
                    "consent",
                    label="herinnering",
                    why="Met een herinnering vergeet u het terugkijken niet. U krijgt ook een agendabestand.",
                    buttons=_REMIND,
                    validate=_remind_value,
                    skipped_text="Goed, geen herinnering.",
                )
            )
            if answers.get("remind"):
                why = "Daar gaat één mail heen. Daarna wis ik het adres."
                refused = "Goed, geen herinnering."
                steps.append(mail_step("email", "Op welk mailadres krijgt u de herinnering?", answers, why=why, refused=refused))
        steps.append(
            Step(
                "ready",
                self._preview,
                "choice",
                label="controle",
                allow_skip=False,
                why="Wijzigen kan met bijvoorbeeld 'wijzig stap 3' of 'wijzig wat helpt'.",
                buttons=(Button(MAKE, MAKE, True),),
                validate=_ready_value,
                closes=True,
            )
        )
        return steps

    def _preview(self, answers: Answers) -> str:
        """The paper as it will be, with the number of the step behind each line."""
        agreement = agreements.build(answers, today())
        return f"Klopt dit?\n\n{agreements.preview(agreement)}\n\nIets anders? Zeg 'wijzig wat helpt' of 'wijzig stap 5'."

    def finish(self, answers: Answers, context: Mapping[str, Any]) -> list[Reply]:
        """Keeps the agreement, counts which suggestions were used, and gives PDF, Word and calendar."""
        agreement = agreements.build(answers, today())
        paper = papers.keep("agreement", agreement, context.get("conversation_id"))
        text = "De werkafspraken staan op papier, met ruimte voor twee handtekeningen. Neem ze samen door voordat u tekent."
        email = address(answers, "email")
        if agreement.review is not None and answers.get("remind") and email:
            papers.remind(paper, agreement.review, email)
            text += f" U krijgt een mail op de dag voor {day_text(agreement.review)}."
        used = [line for key in ("helps", "employee", "employer") for line in str(answers.get(key) or "").split("\n")]
        for line in agreements.known_lines(used):
            reports.count_use("agreement", line, str(context.get("region") or ""))
        buttons = (
            Button("Nu een check-in doen", "Ik wil een check-in doen", {"topic": "opvolging/checkin"}),
            Button("Wat mag ik vastleggen?", "Wat mag ik vastleggen?", {"topic": "privacy/vastleggen"}),
            COACH,
        )
        extra = {"files": papers.links(paper), "topic": "werkafspraken/opstellen", "flow": None, "step": None, "asks_for": None}
        return [Reply(text, buttons, extra)]


_REMIND = (Button("Ja, graag", "Ja, graag", True), Button("Nee", "Nee", False))
_MAKES = re.compile(r"(?:.*\b)?(?:maak|maken|klaar|opstellen|print\w*|downloaden)\b.*")
"""Words that are about the paper, not about the reminder that comes before it."""


def _remind_value(text: str, message: Message) -> Any:
    said = plain(text)
    button = exact_button(Step("remind", "", "consent", buttons=_REMIND), message)
    if button is not None:
        return button.choice
    if is_no(message):
        return False
    if _MAKES.fullmatch(said):
        return Problem("Dat kan zo. Eerst nog dit: wilt u een herinnering per mail?", _REMIND)
    if is_yes(message) or gives_contact(message):
        return True
    return Problem("Wilt u een herinnering per mail? Zeg 'ja' of 'nee'.", _REMIND)


def _ready_value(text: str, message: Message) -> Any:
    said = plain(text)
    makes = said in (plain(MAKE), "1", "maak maar", "maak ze") or DONE.fullmatch(said) or DOCUMENT.fullmatch(said)
    if message.choice is True or is_yes(message) or makes:
        return True
    if is_no(message):
        return Problem("Wat wilt u anders? Zeg bijvoorbeeld 'wijzig stap 5' of 'wijzig de datum'.")
    return Problem("Zeg 'ja' om ze te maken, of bijvoorbeeld 'wijzig stap 5'.", (Button(MAKE, MAKE, True),))


WERKAFSPRAKEN = WerkafsprakenFlow()


class ValidateWerkafsprakenForm(ValidateFlow):
    """`validate_werkafspraken_form`."""

    flow = WERKAFSPRAKEN


class AskWerkafspraken(AskFlow):
    """`action_ask_werkafspraken_form_answer`."""

    flow = WERKAFSPRAKEN


class SubmitWerkafspraken(SubmitFlow):
    """`action_submit_werkafspraken`."""

    flow = WERKAFSPRAKEN
