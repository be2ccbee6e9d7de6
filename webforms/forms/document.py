"""A document from HR: a certificate of employment, a salary statement, a reference."""

from cases.model.words import Channel
from webforms.definition import FormFields, PublicForm, Section
from webforms.fields import choice, day, email_address, long_text, one_line


class Document(FormFields):
    """Which document, for whom, by when."""

    kind = choice("employment", "salary", "reference", "visa", "other")
    addressee = one_line()
    contents = one_line(required=True)
    needed_by = day()
    document_language = one_line(most=60)
    text = long_text(required=False)
    name = one_line(required=True)
    email = email_address()


FORM = PublicForm(
    name="document",
    channel=Channel.FORM,
    order=50,
    fields=Document,
    expects=("employment_verification",),
    sections=(
        Section("which", ("kind",)),
        Section("other", ("contents",), when="kind", of=("other",)),
        Section("details", ("addressee", "document_language", "needed_by", "text")),
        Section("reach", ("name", "email")),
    ),
    words={
        "en": {
            "title": "A document or confirmation",
            "summary": "Proof of employment, a salary statement, a reference, a letter for a visa.",
            "action": "Ask for a document",
            "intro": "Tell us what it is for, and it will say what the other side needs and nothing more.",
            "section.which": "Which document?",
            "section.other": "What should it say?",
            "section.details": "For whom, and by when?",
            "kind.label": "What do you need?",
            "kind.employment": "Confirmation of employment",
            "kind.salary": "Salary statement",
            "kind.reference": "Reference",
            "kind.visa": "Letter for a visa or residence permit",
            "kind.other": "Another document",
            "contents.label": "What should the document say?",
            "addressee.label": "Who is it for?",
            "addressee.hint": "A bank, a landlord, an office. We put in only what they need.",
            "document_language.label": "In which language?",
            "needed_by.label": "By when do you need it?",
            "text.label": "Anything else we should know?",
        },
        "de": {
            "title": "Dokument oder Bescheinigung",
            "summary": "Arbeitsbescheinigung, Gehaltsnachweis, Zeugnis, Schreiben für ein Visum.",
            "action": "Dokument anfordern",
            "intro": "Sagen Sie uns, wofür: Dann steht darin, was die andere Seite braucht, und nicht mehr.",
            "section.which": "Welches Dokument?",
            "section.other": "Was soll darin stehen?",
            "section.details": "Für wen, und bis wann?",
            "kind.label": "Was brauchen Sie?",
            "kind.employment": "Arbeitsbescheinigung",
            "kind.salary": "Gehaltsnachweis",
            "kind.reference": "Arbeitszeugnis",
            "kind.visa": "Schreiben für Visum oder Aufenthaltstitel",
            "kind.other": "Ein anderes Dokument",
            "contents.label": "Was soll in dem Dokument stehen?",
            "addressee.label": "Für wen ist es?",
            "addressee.hint": "Eine Bank, ein Vermieter, ein Amt. Es steht nur darin, was dort gebraucht wird.",
            "document_language.label": "In welcher Sprache?",
            "needed_by.label": "Bis wann brauchen Sie es?",
            "text.label": "Was sollten wir noch wissen?",
        },
        "fr": {
            "title": "Un document ou une attestation",
            "summary": "Attestation d'emploi, justificatif de salaire, certificat, lettre pour un visa.",
            "action": "Demander un document",
            "intro": "Dites-nous à quoi il servira : il contiendra ce qui est demandé, et rien de plus.",
            "section.which": "Quel document ?",
            "section.other": "Que doit-il contenir ?",
            "section.details": "Pour qui, et pour quand ?",
            "kind.label": "De quoi avez-vous besoin ?",
            "kind.employment": "Attestation d'emploi",
            "kind.salary": "Justificatif de salaire",
            "kind.reference": "Lettre de recommandation ou certificat de travail",
            "kind.visa": "Lettre pour un visa ou un titre de séjour",
            "kind.other": "Un autre document",
            "contents.label": "Que doit dire le document ?",
            "addressee.label": "À qui est-il destiné ?",
            "addressee.hint": "Une banque, un bailleur, une administration. Nous n'y mettons que le nécessaire.",
            "document_language.label": "Dans quelle langue ?",
            "needed_by.label": "Pour quand vous le faut-il ?",
            "text.label": "Y a-t-il autre chose à savoir ?",
        },
        "es": {
            "title": "Un documento o certificado",
            "summary": "Certificado de empleo, justificante de salario, carta de referencia, escrito para un visado.",
            "action": "Solicitar un documento",
            "intro": "Díganos para qué es: dirá lo que la otra parte necesita y nada más.",
            "section.which": "¿Qué documento?",
            "section.other": "¿Qué debe decir?",
            "section.details": "¿Para quién y para cuándo?",
            "kind.label": "¿Qué necesita?",
            "kind.employment": "Certificado de empleo",
            "kind.salary": "Justificante de salario",
            "kind.reference": "Carta de referencia",
            "kind.visa": "Escrito para un visado o permiso de residencia",
            "kind.other": "Otro documento",
            "contents.label": "¿Qué debe decir el documento?",
            "addressee.label": "¿Para quién es?",
            "addressee.hint": "Un banco, un arrendador, una oficina. Ponemos solo lo que necesitan.",
            "document_language.label": "¿En qué idioma?",
            "needed_by.label": "¿Para cuándo lo necesita?",
            "text.label": "¿Algo más que debamos saber?",
        },
    },
)
