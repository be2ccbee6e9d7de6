"""Writing to HR with one's name: any question, request or problem."""

from cases.model.words import Channel
from webforms.definition import FormFields, PublicForm
from webforms.fields import email_address, long_text, one_line, people


class General(FormFields):
    """Who, what, and a way to answer."""

    name = one_line(required=True)
    email = email_address()
    subject = one_line(required=True)
    text = long_text()
    keep_from = people()


FORM = PublicForm(
    name="general",
    channel=Channel.FORM,
    order=90,
    fields=General,
    expects=("unsorted",),
    words={
        "en": {
            "title": "Write to HR",
            "summary": "A question, a request, a problem. You get a reference at once, and an answer by e-mail.",
            "action": "Write with your name",
            "intro": "Write as you would speak. You needn't know which team or which rule it falls under: we find that out.",
        },
        "de": {
            "title": "An die Personalabteilung schreiben",
            "summary": "Eine Frage, ein Anliegen, ein Problem. Sie erhalten sofort ein Aktenzeichen "
            "und eine Antwort per E-Mail.",
            "action": "Mit Namen schreiben",
            "intro": "Schreiben Sie, wie Sie sprechen. Welches Team oder welche Regel zuständig ist, müssen Sie nicht "
            "wissen: Das klären wir.",
        },
        "fr": {
            "title": "Écrire aux ressources humaines",
            "summary": "Une question, une demande, un problème. Vous recevez aussitôt une référence, "
            "puis une réponse par e-mail.",
            "action": "Écrire en votre nom",
            "intro": "Écrivez comme vous parlez. Inutile de savoir quelle équipe ou quelle règle s'applique : "
            "nous nous en chargeons.",
        },
        "es": {
            "title": "Escribir a Recursos Humanos",
            "summary": "Una pregunta, una solicitud, un problema. Recibirá una referencia al instante "
            "y una respuesta por correo.",
            "action": "Escribir con su nombre",
            "intro": "Escriba como hablaría. No hace falta que sepa qué equipo o qué norma corresponde: "
            "de eso nos ocupamos nosotros.",
        },
    },
)
