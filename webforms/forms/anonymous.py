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
            "files.hint": "We clean a copy of pictures (JPEG, PNG, WebP, HEIC, GIF), PDF, Word, Excel and PowerPoint files "
            "(docx, xlsx, pptx), plain text and saved mails (eml): the author's name, device, place and file name"
            " are taken out before anyone reads it. The original stays sealed apart. Any other kind is not "
            "cleaned: readers get it as it is, marked as such. What a file shows can still give you away; "
            "describe it instead.",
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
            "files.hint": "Wir reinigen eine Kopie von Bildern (JPEG, PNG, WebP, HEIC, GIF), PDF-, Word-, Excel- und "
            "PowerPoint-Dateien (docx, xlsx, pptx), reinem Text und gespeicherten E-Mails (eml): Name, Gerät, Ort"
            " und Dateiname werden entfernt, bevor jemand sie liest. Das Original bleibt getrennt versiegelt. "
            "Alle anderen Arten werden nicht gereinigt: Sie kommen unverändert an und sind so gekennzeichnet. "
            "Auch was eine Datei zeigt, kann Sie verraten; beschreiben Sie sie dann lieber.",
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
            "files.hint": "Nous nettoyons une copie des images (JPEG, PNG, WebP, HEIC, GIF), des fichiers PDF, Word, Excel et "
            "PowerPoint (docx, xlsx, pptx), du texte brut et des courriels enregistrés (eml) : nom de l'auteur, "
            "appareil, lieu et nom du fichier sont retirés avant toute lecture. L'original reste scellé à part. "
            "Les autres types ne sont pas nettoyés : ils arrivent tels quels, signalés comme tels. Ce qu'un "
            "fichier montre peut aussi vous trahir ; décrivez-le plutôt.",
        },
        "es": {
            "title": "Informar de forma anónima",
            "summary": "Sin nombre, sin dirección, sin cuenta. Recibirá un resguardo con el que podrá leer nuestra "
            "respuesta y seguir hablando con nosotros.",
            "action": "Informar sin su nombre",
            "intro": "Cuéntenos qué ha ocurrido. No preguntamos quién es usted, y este sitio no lo registra.",
            "text.hint": "¿Qué ocurrió, cuándo y dónde? ¿Quién participó? ¿Cómo lo sabe? Escriba solo lo que acepte que "
            "se lea.",
            "files.hint": "Limpiamos una copia de las imágenes (JPEG, PNG, WebP, HEIC, GIF), los archivos PDF, Word, Excel y "
            "PowerPoint (docx, xlsx, pptx), el texto sin formato y los correos guardados (eml): el nombre del "
            "autor, el dispositivo, el lugar y el nombre del archivo se quitan antes de que nadie los lea. El "
            "original queda sellado aparte. Los demás tipos no se limpian: llegan tal como son, marcados así. Lo "
            "que un archivo muestra también puede delatarle; descríbalo en su lugar.",
        },
    },
)
