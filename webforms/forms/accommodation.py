"""An adjustment to work for reasons of health, disability, pregnancy or faith."""

from cases.model.words import Access, Channel
from webforms.definition import FormFields, PublicForm, Section
from webforms.fields import choice, day, email_address, long_text, one_line, people


class Accommodation(FormFields):
    """What would help, for how long, and who is to be left out of it."""

    text = long_text()
    tried = long_text(required=False, most=2000)
    span = choice("lasting", "limited", "unknown")
    until = day()
    keep_from = people()
    managers = choice("may", "kept", default="may")
    name = one_line(required=True)
    email = email_address()


FORM = PublicForm(
    name="accommodation",
    channel=Channel.FORM,
    order=70,
    fields=Accommodation,
    expects=("accommodation",),
    access=Access.RESTRICTED,
    sections=(
        Section("help", ("text", "tried", "span")),
        Section("until", ("until",), when="span", of=("limited",)),
        Section("reach", ("keep_from", "managers", "name", "email")),
    ),
    words={
        "en": {
            "title": "Adjust my work",
            "summary": "Because of health, disability, pregnancy, caring or faith: other hours, a tool, a place, a task.",
            "action": "Ask for an adjustment",
            "intro": "Tell us what gets in the way and what would help. We do not need a diagnosis, and only the people who "
            "arrange it will read this.",
            "section.help": "What would help?",
            "section.until": "Until when?",
            "text.label": "What gets in the way, and what would help?",
            "text.hint": "An idea is enough: we work out the rest together. You need not name an illness.",
            "tried.label": "Have you tried something already?",
            "span.label": "For how long?",
            "span.lasting": "Lasting",
            "span.limited": "For a time",
            "span.unknown": "I don't know yet",
            "until.label": "Until about when?",
            "keep_from.label": "Who must not see it?",
            "keep_from.hint": "Your manager, for example, until we have spoken. One person a line: name or e-mail address.",
        },
        "de": {
            "title": "Meine Arbeit anpassen",
            "summary": "Wegen Gesundheit, Behinderung, Schwangerschaft, Pflege oder Glauben: Zeiten, Hilfsmittel, Ort, Aufgaben.",
            "action": "Anpassung anfragen",
            "intro": "Sagen Sie uns, was im Weg steht und was helfen würde. Wir brauchen keine Diagnose, und lesen werden "
            "es nur die, die es einrichten.",
            "section.help": "Was würde helfen?",
            "section.until": "Bis wann?",
            "text.label": "Was steht im Weg, und was würde helfen?",
            "text.hint": "Eine Idee genügt: Den Rest erarbeiten wir gemeinsam. Eine Krankheit müssen Sie nicht nennen.",
            "tried.label": "Haben Sie schon etwas versucht?",
            "span.label": "Für wie lange?",
            "span.lasting": "Dauerhaft",
            "span.limited": "Für eine Zeit",
            "span.unknown": "Das weiß ich noch nicht",
            "until.label": "Bis ungefähr wann?",
            "keep_from.label": "Wer darf es nicht sehen?",
            "keep_from.hint": "Zum Beispiel Ihre Führungskraft, bis wir gesprochen haben. Je Zeile eine Person: Name oder "
            "E-Mail-Adresse.",
        },
        "fr": {
            "title": "Adapter mon travail",
            "summary": "Santé, handicap, grossesse, proche à charge ou convictions : d'autres horaires, un outil, un lieu, une "
            "tâche.",
            "action": "Demander une adaptation",
            "intro": "Dites-nous ce qui gêne et ce qui aiderait. Nous n'avons pas besoin d'un diagnostic, et seules les "
            "personnes qui l'organisent vous liront.",
            "section.help": "Qu'est-ce qui aiderait ?",
            "section.until": "Jusqu'à quand ?",
            "text.label": "Qu'est-ce qui gêne, et qu'est-ce qui aiderait ?",
            "text.hint": "Une idée suffit : nous trouverons le reste ensemble. Inutile de nommer une maladie.",
            "tried.label": "Avez-vous déjà essayé quelque chose ?",
            "span.label": "Pour combien de temps ?",
            "span.lasting": "Durablement",
            "span.limited": "Pour un temps",
            "span.unknown": "Je ne sais pas encore",
            "until.label": "Jusqu'à quand environ ?",
            "keep_from.label": "Qui ne doit pas le voir ?",
            "keep_from.hint": "Votre responsable, par exemple, tant que nous n'avons pas parlé. Une personne par ligne : nom ou "
            "adresse e-mail.",
        },
        "es": {
            "title": "Adaptar mi trabajo",
            "summary": "Por salud, discapacidad, embarazo, cuidados o creencias: otro horario, una herramienta, un lugar, una "
            "tarea.",
            "action": "Solicitar una adaptación",
            "intro": "Díganos qué le dificulta el trabajo y qué ayudaría. No necesitamos un diagnóstico, y solo lo leerá quien "
            "lo organice.",
            "section.help": "¿Qué ayudaría?",
            "section.until": "¿Hasta cuándo?",
            "text.label": "¿Qué le dificulta el trabajo y qué ayudaría?",
            "text.hint": "Basta una idea: el resto lo vemos juntos. No hace falta que nombre una enfermedad.",
            "tried.label": "¿Ha probado ya algo?",
            "span.label": "¿Por cuánto tiempo?",
            "span.lasting": "De forma duradera",
            "span.limited": "Por un tiempo",
            "span.unknown": "Aún no lo sé",
            "until.label": "¿Hasta cuándo, más o menos?",
            "keep_from.label": "¿Quién no debe verlo?",
            "keep_from.hint": "Su superior, por ejemplo, hasta que hayamos hablado. Una persona por línea: nombre o correo.",
        },
    },
)
