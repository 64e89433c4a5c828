"""Own Rasa graph components: language, lemmas, sentence encoder, topic classifier, entities."""
