"""An accident, a near miss or a hazard."""

from cases.model.words import Channel
from webforms.definition import FormFields, PublicForm, Section
from webforms.fields import choice, email_address, long_text, one_line, people


class Safety(FormFields):
    """What happened or could happen, where, and whether anybody was hurt."""

    kind = choice("injury", "near_miss", "hazard", "violence", "other")
    text = long_text()
    where = one_line(required=True)
    when = one_line()
    hurt = one_line(required=True)
    care = choice("none", "first_aid", "doctor", "hospital")
    still = choice("yes", "no", "unsure")
    keep_from = people()
    name = one_line(required=True)
    email = email_address()


FORM = PublicForm(
    name="safety",
    channel=Channel.FORM,
    order=80,
    group="speak",
    fields=Safety,
    expects=("safety_incident",),
    sections=(
        Section("what", ("kind", "text", "where", "when")),
        Section("injury", ("hurt", "care"), when="kind", of=("injury", "violence")),
        Section("hazard", ("still",), when="kind", of=("near_miss", "hazard", "violence", "other")),
        Section("reach", ("keep_from", "name", "email")),
    ),
    words={
        "en": {
            "title": "Report an accident or a hazard",
            "summary": "Somebody was hurt, nearly hurt, or could be. Also violence and threats at work.",
            "action": "Report it",
            "intro": "If somebody needs help right now, get it first. Nobody gets into trouble for reporting in good faith.",
            "section.injury": "Who was hurt?",
            "section.hazard": "Is it still dangerous?",
            "kind.label": "What is it?",
            "kind.injury": "Somebody was hurt or fell ill",
            "kind.near_miss": "It nearly went wrong",
            "kind.hazard": "Something is dangerous",
            "kind.violence": "Violence or a threat",
            "kind.other": "Something else",
            "text.label": "What happened, or what could happen?",
            "hurt.label": "Who was hurt, and how?",
            "care.label": "What care was needed?",
            "care.none": "None",
            "care.first_aid": "First aid",
            "care.doctor": "A doctor",
            "care.hospital": "Hospital",
            "still.label": "Is the danger still there?",
        },
        "de": {
            "title": "Unfall oder Gefahr melden",
            "summary": "Jemand wurde verletzt, beinahe verletzt, oder es könnte geschehen. Auch Gewalt und Drohungen.",
            "action": "Jetzt melden",
            "intro": "Wenn jemand gerade Hilfe braucht, holen Sie zuerst Hilfe. Wer nach bestem Wissen "
            "meldet, bekommt keinen Ärger.",
            "section.injury": "Wer wurde verletzt?",
            "section.hazard": "Besteht die Gefahr noch?",
            "kind.label": "Was ist es?",
            "kind.injury": "Jemand wurde verletzt oder krank",
            "kind.near_miss": "Es wäre beinahe schiefgegangen",
            "kind.hazard": "Etwas ist gefährlich",
            "kind.violence": "Gewalt oder eine Drohung",
            "kind.other": "Etwas anderes",
            "text.label": "Was ist geschehen, oder was könnte geschehen?",
            "hurt.label": "Wer wurde verletzt, und wie?",
            "care.label": "Welche Hilfe war nötig?",
            "care.none": "Keine",
            "care.first_aid": "Erste Hilfe",
            "care.doctor": "Ärztin oder Arzt",
            "care.hospital": "Krankenhaus",
            "still.label": "Besteht die Gefahr noch?",
        },
        "fr": {
            "title": "Signaler un accident ou un danger",
            "summary": "Quelqu'un a été blessé, a failli l'être ou pourrait l'être. Aussi violences et menaces au travail.",
            "action": "Signaler",
            "intro": "Si quelqu'un a besoin d'aide maintenant, cherchez d'abord de l'aide. Personne n'est inquiété pour un "
            "signalement de bonne foi.",
            "section.injury": "Qui a été blessé ?",
            "section.hazard": "Le danger est-il toujours là ?",
            "kind.label": "De quoi s'agit-il ?",
            "kind.injury": "Quelqu'un a été blessé ou s'est senti mal",
            "kind.near_miss": "Cela a failli mal tourner",
            "kind.hazard": "Quelque chose est dangereux",
            "kind.violence": "Une violence ou une menace",
            "kind.other": "Autre chose",
            "text.label": "Que s'est-il passé, ou que pourrait-il se passer ?",
            "hurt.label": "Qui a été blessé, et comment ?",
            "care.label": "Quels soins ont été nécessaires ?",
            "care.none": "Aucun",
            "care.first_aid": "Premiers secours",
            "care.doctor": "Un médecin",
            "care.hospital": "L'hôpital",
            "still.label": "Le danger est-il toujours présent ?",
        },
        "es": {
            "title": "Comunicar un accidente o un peligro",
            "summary": "Alguien se lesionó, estuvo a punto o podría lesionarse. También violencia y amenazas en el trabajo.",
            "action": "Comunicarlo",
            "intro": "Si alguien necesita ayuda ahora mismo, búsquela primero. Nadie tendrá problemas por avisar de buena fe.",
            "section.injury": "¿Quién se lesionó?",
            "section.hazard": "¿Sigue el peligro?",
            "kind.label": "¿De qué se trata?",
            "kind.injury": "Alguien se lesionó o se puso enfermo",
            "kind.near_miss": "Estuvo a punto de salir mal",
            "kind.hazard": "Algo es peligroso",
            "kind.violence": "Violencia o una amenaza",
            "kind.other": "Otra cosa",
            "text.label": "¿Qué ocurrió o qué podría ocurrir?",
            "hurt.label": "¿Quién se lesionó y cómo?",
            "care.label": "¿Qué atención hizo falta?",
            "care.none": "Ninguna",
            "care.first_aid": "Primeros auxilios",
            "care.doctor": "Un médico",
            "care.hospital": "Hospital",
            "still.label": "¿Sigue existiendo el peligro?",
        },
    },
)
