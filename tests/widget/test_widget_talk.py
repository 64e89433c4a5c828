"""A conversation in the widget: sending, resuming, several tabs, trouble on the line, the end."""

from __future__ import annotations

import time

from browser import Server, Visit
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys


def test_the_first_line_says_that_it_is_a_digital_assistant(visit: Visit) -> None:
    visit.open()
    assert "digitale assistent" in visit.texts("assistant")[0]
    assert "digitale assistent" in visit.text(".head")
    assert visit.text(".msg .who") == "Steunwijzer, digitale assistent"


def test_answer_has_formatting_sources_and_follow_up_questions(visit: Visit) -> None:
    visit.open()
    visit.say("Mijn medewerker durft niets te vragen")
    answer = "r.querySelector('.msg.assistant:last-child')"
    assert visit.js(f"return {answer}.querySelectorAll('.text ul > li').length") == 3
    assert visit.js(f"return {answer}.querySelector('.text strong').textContent") == "één taak"
    assert visit.js(f"return [...{answer}.querySelectorAll('.choice')].map(b=>b.textContent)")[0] == "Hoe begin ik het gesprek?"
    links = visit.js(f"return [...{answer}.querySelectorAll('details a')].map(a=>[a.href,a.rel,a.target])")
    assert links[0] == ["https://example.org/gids", "noopener noreferrer", "_blank"]
    assert not visit.js(f"return {answer}.querySelector('details').open")


def test_markup_and_dangerous_addresses_stay_text(visit: Visit, server: Server) -> None:
    visit.open()
    evil = "<img src=x onerror=alert(1)> **<b>vet</b>** [x](javascript:alert(1))"
    server.say(**{"from": "assistant"}, text=evil, more={"sources": [{"title": "Kwaad", "url": "javascript:alert(1)"}]})
    visit.until(lambda: len(visit.texts("assistant")) == 2, "the message")
    assert visit.texts("assistant")[1] == evil.replace("**", "")
    assert visit.js("return r.querySelectorAll('.log img, .log b, .log a').length") == 0


def test_choices_of_a_question_stay_readable_and_show_what_was_chosen(visit: Visit) -> None:
    visit.open()
    visit.say("Maak een stappenplan")
    visit.click(".choice", "Taken blijven liggen")
    visit.until(lambda: "Taken blijven liggen" in visit.texts("user"), "the choice")
    visit.settle()
    old = visit.js("return [...r.querySelectorAll('.done')].map(e=>[e.innerText.trim(), e.classList.contains('chosen')])")
    assert ["Taken blijven liggen", True] in [[t.replace("Gekozen:", "").strip(), c] for t, c in old]
    assert any(t == "Vergaderingen lopen uit" and not c for t, c in old)


def test_steps_show_progress_and_the_ways_out(visit: Visit) -> None:
    visit.open()
    visit.say("Maak een stappenplan")
    assert visit.text(".step strong") == "Stap 2 van 6"
    assert visit.js("return [c.progress.value, c.progress.max]") == [2, 6]
    visit.click(".step button", "Terug")
    visit.until(lambda: "Terug" in visit.texts("user"), "the message")


def test_place_contact_consent_and_edit(visit: Visit) -> None:
    visit.open()
    visit.click(".tools button", "Spreek een mens")
    visit.until(lambda: visit.js("return c.caption.textContent") == "Plaats of postcode", "the question about the place")
    visit.say("Tiel")
    assert visit.js("return [c.input.inputMode, c.input.autocomplete]") == ["tel", "tel"]
    visit.click(".extra label", "E-mail")
    assert visit.js("return [c.input.inputMode, c.input.autocomplete]") == ["email", "email"]
    visit.say("06 12345678")
    assert visit.js("return r.querySelectorAll('.card dt').length") == 3
    visit.click(".card button[aria-label='Wijzig: Plaats']")
    visit.until(lambda: "plaats aanpassen" in visit.texts("user"), "the edit")


def test_a_picked_date_becomes_dutch_text(visit: Visit) -> None:
    visit.open()
    visit.say("Welke datum")
    visit.js("const d=r.querySelector('#day');d.value='2027-03-15';d.dispatchEvent(new Event('change'))")
    assert visit.js("return c.input.value") == "15 maart 2027"


def test_files_and_summary(visit: Visit) -> None:
    visit.open()
    visit.say("Geef de samenvatting")
    names = visit.js("return [...r.querySelectorAll('.files a')].map(a=>a.innerText.trim())")
    assert names == ["Werkafspraken (pdf)", "Bewerkbaar in Word (docx)"]
    assert visit.js("return r.querySelector('.files a').pathname") == "/v1/files/voorbeeld"


def test_reload_continues_without_reading_everything_out_again(visit: Visit) -> None:
    visit.open()
    visit.say("Kort graag")
    before = visit.texts()
    visit.driver.refresh()
    visit.until(lambda: visit.texts() == before, "the same conversation")
    assert visit.js("return c.log.ariaLive") == "off"
    visit.until(lambda: visit.js("return c.log.ariaLive") == "polite", "a log that speaks again")


def test_two_tabs_share_one_conversation(visit: Visit, server: Server) -> None:
    visit.open()
    count = len(server.all()["sessions"])
    first = visit.driver.current_window_handle
    visit.driver.switch_to.new_window("tab")
    visit.open()
    assert len(server.all()["sessions"]) == count
    visit.say("Kort, uit het tweede tabblad")
    visit.driver.switch_to.window(first)
    visit.until(lambda: visit.texts()[-2:] == ["Kort, uit het tweede tabblad", "Kort antwoord."], "the message of the other tab")


def test_a_message_typed_offline_arrives_once_also_after_a_reload(visit: Visit, server: Server) -> None:
    visit.open()
    visit.settle()
    server.control(down=True)
    server.drop()
    visit.until(lambda: not visit.js("return c.line.live"), "a broken connection")
    visit.js("c.input.value='kort, zonder verbinding';c.submit()")
    visit.until(lambda: "geen verbinding" in visit.text(".net") or "niet bereikbaar" in visit.text(".net"), "the notice")
    assert visit.text(".msg:last-child .state") == "Wordt verstuurd"
    visit.driver.refresh()
    visit.until(lambda: visit.texts("user") == ["kort, zonder verbinding"], "the waiting message after a reload")
    server.control(down=False)
    visit.until(lambda: "Kort antwoord." in visit.texts("assistant"), "the answer", 15)
    assert [m["text"] for m in server.session()["messages"] if m["from"] == "user"] == ["kort, zonder verbinding"]
    assert visit.texts()[-2:] == ["kort, zonder verbinding", "Kort antwoord."]
    assert visit.text(".net") == ""


def test_http_when_sockets_are_impossible(visit: Visit, server: Server) -> None:
    server.control(sockets_allowed=False)
    visit.open()
    visit.until(lambda: visit.js("return c.line.live && c.line.http"), "the HTTP fallback", 15)
    visit.say("kort, over HTTP")
    visit.say("kort, nog een")
    server.say(text="Hallo, ik kijk mee.", more={"name": "Anja Voorbeeld", "role": "IPS-coach"})
    visit.until(lambda: visit.texts("coach"), "the coach's message by polling")
    time.sleep(2.7)
    assert visit.texts()[1:] == ["kort, over HTTP", "Kort antwoord.", "kort, nog een", "Kort antwoord.", "Hallo, ik kijk mee."]


def test_rate_limit_is_said_kindly_and_the_message_goes_later(visit: Visit, server: Server) -> None:
    visit.open()
    visit.settle()
    server.control(limited=1)
    visit.js("c.input.value='kort en snel';c.submit()")
    visit.until(lambda: "Wacht een paar tellen" in visit.text(".error"), "the explanation")
    visit.until(lambda: "Kort antwoord." in visit.texts("assistant"), "the answer")
    assert visit.text(".error") == ""
    assert visit.texts("user") == ["kort en snel"]


def test_empty_and_long_input_are_refused_at_the_field(visit: Visit) -> None:
    visit.open()
    visit.click(".send")
    assert visit.text(".error") == "Typ eerst een bericht."
    assert visit.js("return [c.input.getAttribute('aria-invalid'), c.input.getAttribute('aria-describedby')]") == ["true", "hint error"]
    visit.js("c.input.value='x'.repeat(2314);c.submit()")
    assert "2314 tekens" in visit.text(".error")
    assert visit.js("return c.input.value.length") == 2314
    visit.js("c.input.value='kort';c.input.dispatchEvent(new Event('input'))")
    assert visit.text(".error") == ""
    assert not visit.js("return c.input.hasAttribute('aria-invalid')")


def test_expired_session_starts_a_new_one_and_says_so(visit: Visit, server: Server) -> None:
    visit.open()
    visit.say("kort")
    server.forget()
    visit.until(lambda: "verlopen" in visit.text(".notice"), "the notice")
    visit.until(lambda: len(visit.texts("assistant")) == 3, "the new greeting")
    visit.say("kort opnieuw")
    assert [m["text"] for m in server.session()["messages"]][1:] == ["kort opnieuw", "Kort antwoord."]


def test_session_that_expired_while_away(visit: Visit, server: Server) -> None:
    visit.open()
    visit.say("kort")
    visit.driver.get(server.url + "/icon.svg")
    server.forget()
    visit.driver.get(server.url + "/")
    visit.until(lambda: "verlopen" in visit.text(".notice"), "the notice")
    visit.until(lambda: len(visit.texts("assistant")) == 1, "the new greeting")
    assert visit.text(".error") == ""


def test_a_coach_takes_over_and_leaves(visit: Visit, server: Server) -> None:
    visit.open()
    visit.settle()
    wait, hours = "U krijgt meestal binnen tien minuten antwoord", "op werkdagen van 9 tot 17 uur"
    server.say(state={"handoff": "requested", "wait": wait, "hours": hours})
    visit.until(lambda: "tien minuten" in visit.text(".banner"), "the expected wait")
    assert "werkdagen" in visit.text(".banner")
    question = {"buttons": [{"title": "Ja", "value": "Ja"}]}
    server.say(text="Is dat zo?", state={"asks_for": "choice"}, more=question, **{"from": "assistant"})
    visit.until(lambda: visit.js("return r.querySelector('.msg:last-child button.choice')?.textContent") == "Ja", "the choice")
    anja = {"name": "Anja Voorbeeld", "role": "IPS-coach"}
    server.say(text="Goedemiddag, met Anja.", state={"handoff": "accepted", "coach": anja, "asks_for": None}, typing=True)
    visit.until(lambda: "U spreekt nu met Anja Voorbeeld, IPS-coach" in visit.text(".banner"), "the change")
    assert visit.text(".msg.coach .who") == "Anja Voorbeeld, IPS-coach"
    assert visit.js("return r.querySelectorAll('button.choice').length") == 0
    assert visit.text(".busy") == "Anja Voorbeeld typt"
    server.say(state={"handoff": "accepted", "coach": anja, "live": False})
    visit.until(lambda: "Anja Voorbeeld heeft uw verzoek aangenomen" in visit.text(".banner"), "that the coach has it, but is not here")
    assert "Hier antwoordt nu de digitale assistent" in visit.text(".banner")
    closed = "Anja Voorbeeld heeft het gesprek afgesloten. U praat weer met de digitale assistent."
    server.say(text=closed, state={"handoff": "closed", "coach": None}, more={"system": True}, **{"from": "assistant"})
    visit.until(lambda: visit.text(".notice") == closed, "the change back")
    visit.until(lambda: not visit.shown(".banner"), "no banner")
    assert visit.js("return r.querySelectorAll('.notice').length") == 1


def test_a_change_of_hands_right_after_a_long_answer_is_seen(visit: Visit, server: Server) -> None:
    visit.size(375, 667)
    visit.open()
    visit.say("Geef een lang antwoord")
    server.say(text="U praat nu met Anja Voorbeeld.", more={"system": True}, **{"from": "assistant"})
    visit.until(lambda: visit.text(".notice"), "the notice")
    below = "return r.querySelector('.notice').getBoundingClientRect().bottom - c.log.getBoundingClientRect().bottom"
    visit.until(lambda: visit.js(below) <= 0, "the notice in view")


def test_what_is_sent_is_shown_once(visit: Visit) -> None:
    visit.open()
    visit.say("Ik wil een mens spreken")
    visit.say("Tiel")
    visit.say("06 12345678")
    shown = visit.text(".msg:last-child")
    for words in ("Medewerker in het magazijn", "06 12345678", "Voorbeeldcoach Rivierenland", "zes maanden"):
        assert shown.count(words) == 1, words
    assert visit.js("return [...r.querySelectorAll('.text .card button')].map(b=>b.ariaLabel)") == [
        "Wijzig: Onderwerp", "Wijzig: Plaats", "Wijzig: Contact"]  # fmt: skip
    visit.say("Ja, stuur door")
    assert visit.js("return r.querySelectorAll('.card button').length") == 0


def test_one_button_to_skip_a_step(visit: Visit, server: Server) -> None:
    visit.open()
    visit.settle()
    skip = "return [...r.querySelectorAll('button')].filter(b=>b.textContent==='Weet ik niet'&&b.checkVisibility()).length"
    choices = [{"title": title, "value": title} for title in ("Ja", "Weet ik niet")]
    for asks_for, wanted in (("step_answer", 1), ("choice", 1), ("consent", 1), ("contact", 1)):
        state = {"asks_for": asks_for, "step": {"number": 1, "of": 2}}
        server.say(text=f"Vraag {asks_for}", state=state, more={"buttons": choices}, **{"from": "assistant"})
        visit.until(lambda asks_for=asks_for: f"Vraag {asks_for}" in visit.texts("assistant"), "the question")  # type: ignore[misc]
        visit.until(lambda wanted=wanted: visit.js(skip) == wanted, f"one button at {asks_for}")  # type: ignore[misc]
        visit.js("c.input.value='kort';c.submit()")
        visit.settle()
    server.say(text="Uw nummer?", state={"asks_for": "contact", "step": {"number": 1, "of": 2}}, **{"from": "assistant"})
    visit.until(lambda: visit.texts("assistant")[-1] == "Uw nummer?" and visit.js(skip) == 0, "no button where nothing can be skipped")


def test_the_bot_never_pretends_to_type(visit: Visit, server: Server) -> None:
    visit.open()
    visit.settle()
    server.control(delay=1.5)
    visit.js("c.input.value='kort';c.submit()")
    visit.until(lambda: visit.text(".busy") == "De assistent zoekt een antwoord.", "the words")
    visit.until(lambda: "Kort antwoord." in visit.texts("assistant"), "the answer")
    assert visit.text(".busy") == ""


def test_crisis_numbers_are_one_click_away_and_open_by_themselves(visit: Visit) -> None:
    visit.open()
    assert not visit.shown("#acute")
    visit.click(".tools button", "Acute hulp")
    assert visit.js("return [...r.querySelectorAll('#acute a')].map(a=>a.getAttribute('href'))") == [
        "tel:112", "tel:113", "tel:08000113", "https://www.113.nl/"]  # fmt: skip
    visit.click(".tools button", "Acute hulp")
    visit.say("Hij zegt dat hij dood wil")
    assert visit.shown("#acute")
    assert visit.js("return c.acuteButton.getAttribute('aria-expanded')") == "true"


def test_feedback_with_a_reason(visit: Visit, server: Server) -> None:
    visit.open()
    visit.say("Wat helpt")
    visit.click(".thumb[aria-label='Dit antwoord helpt niet']")
    visit.until(lambda: server.session()["feedback"], "the vote")
    visit.js("r.querySelector('.thumbs input').value='te algemeen'")
    visit.click(".thumbs form button")
    visit.until(lambda: len(server.session()["feedback"]) == 2, "the reason")
    assert server.session()["feedback"] == [{"seq": 3, "value": "down"}, {"seq": 3, "value": "down", "reason": "te algemeen"}]
    assert visit.js("return r.querySelector('.thumb[aria-pressed=true]').getAttribute('aria-label')") == "Dit antwoord helpt niet"


def test_transcript_is_downloaded(visit: Visit) -> None:
    visit.open()
    visit.js("window.saved=[];HTMLAnchorElement.prototype.click=function(){saved.push([this.download,this.protocol])}")
    for label, name in (("als tekst", "gesprek.txt"), ("als pdf", "gesprek.pdf")):
        visit.click(".quiet", "Menu")
        visit.click(".item", label)
        wanted = [name, "blob:"]
        visit.until(lambda wanted=wanted: wanted in visit.js("return saved"), name)  # type: ignore[misc]


def test_delete_asks_first_and_leaves_nothing(visit: Visit, server: Server) -> None:
    visit.open()
    visit.say("kort")
    count = len(server.all()["sessions"])
    visit.click(".quiet", "Menu")
    visit.click(".item", "Verwijder mijn gegevens")
    visit.click("dialog.ask button", "Nee")
    assert len(server.all()["sessions"]) == count
    assert visit.focus() == "Menu"
    visit.click(".quiet", "Menu")
    visit.click(".item", "Verwijder mijn gegevens")
    visit.click("dialog.ask button", "Verwijder alles")
    visit.until(lambda: "Verwijderd: 3 berichten" in visit.text(".over"), "the proof")
    assert len(server.all()["sessions"]) == count - 1
    assert visit.driver.execute_script("return Object.keys(localStorage)") == []
    assert visit.texts() == []
    visit.click(".over button", "Nieuw gesprek")
    visit.until(lambda: len(visit.texts("assistant")) == 1, "a new greeting")


def test_end_keeps_the_choice_to_save_or_delete(visit: Visit, server: Server) -> None:
    visit.open()
    visit.say("kort")
    visit.click(".quiet", "Menu")
    visit.click(".item", "Beëindig gesprek")
    visit.click("dialog.ask button", "Beëindig")
    visit.until(lambda: visit.shown(".over"), "the end")
    assert visit.js("return [...r.querySelectorAll('.over button')].map(b=>b.textContent)") == [
        "Nieuw gesprek", "Bewaar als tekst", "Bewaar als pdf", "Verwijder mijn gegevens"]  # fmt: skip
    visit.driver.refresh()
    visit.until(lambda: len(visit.texts()) == 1, "a new conversation after a reload")


def test_long_answer_is_shown_from_its_start(visit: Visit) -> None:
    visit.size(375, 667)
    visit.open()
    visit.say("Geef een lang antwoord")
    time.sleep(0.3)
    top = visit.js("return r.querySelector('.msg:last-child').getBoundingClientRect().top - c.log.getBoundingClientRect().top")
    assert 0 <= top <= 20


def test_reading_back_is_not_disturbed(visit: Visit, server: Server) -> None:
    visit.open()
    for _ in range(3):
        visit.say("Wat helpt")
    visit.js("c.log.dispatchEvent(new WheelEvent('wheel'));c.log.scrollTop=0")
    server.say(text="Nog iets.")
    visit.until(lambda: visit.shown(".newer"), "the button")
    assert visit.js("return c.log.scrollTop") == 0
    visit.click(".newer")
    visit.until(lambda: visit.js("return c.near()") and not visit.shown(".newer"), "the end of the log")


def test_attributes_place_and_question(visit: Visit, server: Server) -> None:
    visit.open("/demo/gemeente.html", wait=False)
    visit.click(".launcher")
    visit.until(lambda: visit.texts("assistant"), "the greeting")
    assert server.session()["created_with"] == {"place": "Voorbeeldstad"}
    assert visit.js("return r.querySelector('.choice').textContent") == "Hoe help ik een medewerker die snel vastloopt?"


def test_enter_sends_and_shift_enter_breaks_the_line(visit: Visit) -> None:
    visit.open()
    visit.js("c.input.focus()")
    visit.keys("kort")
    ActionChains(visit.driver).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()
    visit.keys("tweede regel", Keys.ENTER)
    visit.until(lambda: visit.texts("user") == ["kort\ntweede regel"], "one message of two lines")
