"""Reporting without a name: no address, no account; a receipt is the only way back."""

from cases.model.words import Access, Channel
from webforms.definition import FormFields, PublicForm
from webforms.fields import long_text, one_line, people


class Anonymous(FormFields):
    """What happened; nothing about who tells it."""

    subject = one_line()
    text = long_text()
    concerns = people()
    keep_from = people()


FORM = PublicForm(
    name="anonymous",
    channel=Channel.ANONYMOUS,
    order=110,
    group="speak",
    fields=Anonymous,
    expects=("whistleblower", "whistleblowing", "whistleblow"),
    access=Access.SEALED,
    words={
        "en": {
            "title": "Report anonymously",
            "summary": "No name, no address, no account. You get a receipt, and with it you can read our answer and go on "
            "talking with us.",
            "action": "Report without your name",
            "intro": "Tell us what happened. We don't ask who you are, and this site does not record it.",
            "text.hint": "What happened, when and where? Who was involved? How do you know? Write only what you are "
            "willing to have read.",
            "files.hint": "Files arrive exactly as you send them, with what is hidden in them: the author's name, the "
            "device, the place. If a file could give you away, describe it instead.",
        },
        "de": {
            "title": "Anonym melden",
            "summary": "Kein Name, keine Adresse, kein Konto. Sie erhalten einen Beleg. Damit lesen Sie unsere Antwort "
            "und sprechen weiter mit uns.",
            "action": "Ohne Namen melden",
            "intro": "Erzählen Sie uns, was geschehen ist. Wir fragen nicht, wer Sie sind, und diese Seite zeichnet es "
            "nicht auf.",
            "text.hint": "Was ist wann und wo geschehen? Wer war beteiligt? Woher wissen Sie es? Schreiben Sie nur, was "
            "gelesen werden darf.",
            "files.hint": "Dateien kommen genau so an, wie Sie sie senden, auch mit dem, was in ihnen verborgen ist: Name "
            "der Verfasserin oder des Verfassers, Gerät, Ort. Wenn eine Datei Sie verraten könnte, beschreiben Sie sie "
            "lieber.",
        },
        "fr": {
            "title": "Signaler anonymement",
            "summary": "Ni nom, ni adresse, ni compte. Vous recevez un récépissé qui vous permet de lire notre réponse "
            "et de poursuivre l'échange.",
            "action": "Signaler sans votre nom",
            "intro": "Racontez-nous ce qui s'est passé. Nous ne demandons pas qui vous êtes, et ce site ne "
            "l'enregistre pas.",
            "text.hint": "Que s'est-il passé, quand et où ? Qui était impliqué ? Comment le savez-vous ? N'écrivez que ce "
            "que vous acceptez de voir lu.",
            "files.hint": "Les fichiers arrivent tels que vous les envoyez, avec ce qu'ils cachent : nom de l'auteur, "
            "appareil, lieu. Si un fichier peut vous trahir, décrivez-le plutôt.",
        },
        "es": {
            "title": "Informar de forma anónima",
            "summary": "Sin nombre, sin dirección, sin cuenta. Recibirá un resguardo con el que podrá leer nuestra "
            "respuesta y seguir hablando con nosotros.",
            "action": "Informar sin su nombre",
            "intro": "Cuéntenos qué ha ocurrido. No preguntamos quién es usted, y este sitio no lo registra.",
            "text.hint": "¿Qué ocurrió, cuándo y dónde? ¿Quién participó? ¿Cómo lo sabe? Escriba solo lo que acepte que "
            "se lea.",
            "files.hint": "Los archivos llegan tal como los envía, con lo que llevan oculto: el nombre del autor, el "
            "dispositivo, el lugar. Si un archivo pudiera delatarle, descríbalo en su lugar.",
        },
    },
)
