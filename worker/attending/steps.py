"""What has happened in a case and what comes next, as an employee may hear it, in their language."""

_LAST = {
    "en": {
        "": "your message reached HR",
        "case.assigned": "a person in HR took it over",
        "status.changed": "HR has worked on it",
        "case.reopened": "it was opened again",
        "reply.sent": "we wrote to you",
        "evidence.added": "documents were added to it",
        "step.done": "a further step was completed",
    },
    "de": {
        "": "Ihre Nachricht ist bei HR eingegangen",
        "case.assigned": "eine Person in HR hat sie übernommen",
        "status.changed": "HR hat daran gearbeitet",
        "case.reopened": "der Vorgang wurde wieder geöffnet",
        "reply.sent": "wir haben Ihnen geschrieben",
        "evidence.added": "Unterlagen kamen hinzu",
        "step.done": "ein weiterer Schritt wurde abgeschlossen",
    },
    "fr": {
        "": "votre message est arrivé aux RH",
        "case.assigned": "une personne des RH s’en est chargée",
        "status.changed": "les RH y ont travaillé",
        "case.reopened": "le dossier a été rouvert",
        "reply.sent": "nous vous avons écrit",
        "evidence.added": "des documents y ont été ajoutés",
        "step.done": "une nouvelle étape est achevée",
    },
    "es": {
        "": "su mensaje llegó a RR. HH.",
        "case.assigned": "una persona de RR. HH. se hizo cargo",
        "status.changed": "RR. HH. ha trabajado en él",
        "case.reopened": "el caso se volvió a abrir",
        "reply.sent": "le escribimos",
        "evidence.added": "se añadieron documentos",
        "step.done": "se completó un paso más",
    },
}
_NEXT = {
    "en": {
        "": "someone from HR looks at it and answers you",
        "in_progress": "HR finishes its work and answers you",
        "investigating": "the people who look into it finish, and tell you what follows",
        "waiting_for_third_party": "we wait for an answer from somebody else, and then write to you",
    },
    "de": {
        "": "jemand aus HR sieht es sich an und antwortet Ihnen",
        "in_progress": "HR schließt die Arbeit ab und antwortet Ihnen",
        "investigating": "wer es untersucht, schließt ab und sagt Ihnen, was folgt",
        "waiting_for_third_party": "wir warten auf eine Antwort von anderer Stelle und schreiben Ihnen dann",
    },
    "fr": {
        "": "une personne des RH l’examine et vous répond",
        "in_progress": "les RH terminent leur travail et vous répondent",
        "investigating": "les personnes qui enquêtent terminent et vous disent ce qui suit",
        "waiting_for_third_party": "nous attendons la réponse d’un tiers, puis nous vous écrivons",
    },
    "es": {
        "": "una persona de RR. HH. lo revisa y le responde",
        "in_progress": "RR. HH. termina su trabajo y le responde",
        "investigating": "quienes lo investigan terminan y le dicen qué sigue",
        "waiting_for_third_party": "esperamos respuesta de otra parte y después le escribimos",
    },
}


def last_step(verb: str, language: str) -> str:
    """What happened last, by its event."""
    words = _LAST.get(language, _LAST["en"])
    return words.get(verb, words[""])


def next_step(status: str, language: str) -> str:
    """What comes next, by the case's status."""
    words = _NEXT.get(language, _NEXT["en"])
    return words.get(status, words[""])
