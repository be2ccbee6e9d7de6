"""A question to HR: about a rule, an entitlement, how something is done."""

from cases.model.words import Channel
from webforms.definition import FormFields, PublicForm
from webforms.fields import email_address, long_text, one_line


class Question(FormFields):
    """What somebody would like to know."""

    subject = one_line()
    text = long_text()
    name = one_line(required=True)
    email = email_address()


FORM = PublicForm(
    name="question",
    channel=Channel.FORM,
    order=20,
    fields=Question,
    expects=("policy_question", "unsorted"),
    words={
        "en": {
            "title": "Ask a question",
            "summary": "How something works here, what you are entitled to, whom to turn to.",
            "action": "Ask a question",
            "intro": "No question is too small. If the answer is written down somewhere, we tell you where.",
            "text.label": "What would you like to know?",
            "text.hint": "If it depends on your situation, say a little about it.",
        },
        "de": {
            "title": "Eine Frage stellen",
            "summary": "Wie etwas bei uns geregelt ist, was Ihnen zusteht, an wen Sie sich wenden.",
            "action": "Frage stellen",
            "intro": "Keine Frage ist zu klein. Wenn die Antwort irgendwo geschrieben steht, sagen wir Ihnen, wo.",
            "text.label": "Was möchten Sie wissen?",
            "text.hint": "Wenn es von Ihrer Lage abhängt, schildern Sie sie kurz.",
        },
        "fr": {
            "title": "Poser une question",
            "summary": "Comment une chose se passe ici, à quoi vous avez droit, à qui vous adresser.",
            "action": "Poser une question",
            "intro": "Il n'y a pas de petite question. Si la réponse est écrite quelque part, nous vous dirons où.",
            "text.label": "Que souhaitez-vous savoir ?",
            "text.hint": "Si cela dépend de votre situation, décrivez-la en quelques mots.",
        },
        "es": {
            "title": "Hacer una pregunta",
            "summary": "Cómo funciona algo aquí, a qué tiene derecho, a quién dirigirse.",
            "action": "Preguntar",
            "intro": "Ninguna pregunta es demasiado pequeña. Si la respuesta está escrita en algún sitio, le diremos dónde.",
            "text.label": "¿Qué le gustaría saber?",
            "text.hint": "Si depende de su situación, cuéntela brevemente.",
        },
    },
)
