"""The suggestion box: anonymous by default, with a name for who wishes."""

from cases.model.words import Access, Channel
from webforms.definition import FormFields, PublicForm, Section
from webforms.fields import choice, email_address, long_text, one_line


class Suggestion(FormFields):
    """An idea, and whether to sign it."""

    text = long_text()
    gain = long_text(required=False, most=2000)
    sign = choice("without", "with", default="without")
    name = one_line(required=True)
    email = email_address()


FORM = PublicForm(
    name="suggestion",
    channel=Channel.ANONYMOUS,
    order=100,
    fields=Suggestion,
    expects=("other", "unsorted"),
    access=Access.SEALED,
    files=False,
    named_if=("sign", "with"),
    sections=(
        Section("idea", ("text", "gain", "sign")),
        Section("reach", ("name", "email"), when="sign", of=("with",)),
        Section("check", ()),
    ),
    words={
        "en": {
            "title": "Make a suggestion",
            "summary": "What could be better here? Without your name, unless you want to give it.",
            "action": "Make a suggestion",
            "intro": "Large or small, finished or half thought out. Somebody reads every one.",
            "section.idea": "Your idea",
            "text.label": "What would you change?",
            "text.hint": "What is it like today, and what would be better?",
            "gain.label": "Who would gain from it?",
            "sign.label": "Would you like to sign it?",
            "sign.hint": "Without a name you get a receipt, with which you can read our answer.",
            "sign.without": "No, without my name",
            "sign.with": "Yes, with my name",
        },
        "de": {
            "title": "Einen Vorschlag machen",
            "summary": "Was könnte besser sein? Ohne Ihren Namen, außer Sie möchten ihn nennen.",
            "action": "Vorschlag machen",
            "intro": "Groß oder klein, fertig oder halb gedacht. Jeder wird gelesen.",
            "section.idea": "Ihre Idee",
            "text.label": "Was würden Sie ändern?",
            "text.hint": "Wie ist es heute, und was wäre besser?",
            "gain.label": "Wem würde es nützen?",
            "sign.label": "Möchten Sie ihn unterschreiben?",
            "sign.hint": "Ohne Namen erhalten Sie einen Beleg, mit dem Sie unsere Antwort lesen können.",
            "sign.without": "Nein, ohne meinen Namen",
            "sign.with": "Ja, mit meinem Namen",
        },
        "fr": {
            "title": "Faire une suggestion",
            "summary": "Qu'est-ce qui pourrait aller mieux ? Sans votre nom, sauf si vous voulez le donner.",
            "action": "Faire une suggestion",
            "intro": "Grande ou petite, aboutie ou à peine esquissée. Chacune est lue.",
            "section.idea": "Votre idée",
            "text.label": "Que changeriez-vous ?",
            "text.hint": "Comment est-ce aujourd'hui, et qu'est-ce qui serait mieux ?",
            "gain.label": "À qui cela profiterait-il ?",
            "sign.label": "Souhaitez-vous la signer ?",
            "sign.hint": "Sans nom, vous recevez un récépissé qui vous permet de lire notre réponse.",
            "sign.without": "Non, sans mon nom",
            "sign.with": "Oui, avec mon nom",
        },
        "es": {
            "title": "Hacer una sugerencia",
            "summary": "¿Qué podría mejorar aquí? Sin su nombre, salvo que quiera darlo.",
            "action": "Hacer una sugerencia",
            "intro": "Grande o pequeña, acabada o a medio pensar. Alguien lee cada una.",
            "section.idea": "Su idea",
            "text.label": "¿Qué cambiaría?",
            "text.hint": "¿Cómo es hoy y qué sería mejor?",
            "gain.label": "¿A quién beneficiaría?",
            "sign.label": "¿Quiere firmarla?",
            "sign.hint": "Sin nombre recibirá un resguardo con el que podrá leer nuestra respuesta.",
            "sign.without": "No, sin mi nombre",
            "sign.with": "Sí, con mi nombre",
        },
    },
)
