"""A change of personal data. Bank details, address and name wait until the directory's address has confirmed them."""

from cases.model.words import Channel
from webforms.definition import FormFields, PublicForm, Section
from webforms.fields import choice, day, email_address, iban, long_text, one_line


class Data(FormFields):
    """What changes, and from when."""

    kind = choice("address", "bank", "name", "family", "contact", "other")
    new_address = long_text(most=500)
    holder = one_line(required=True)
    iban = iban()
    new_name = one_line(required=True)
    change = long_text(most=2000)
    since = day()
    name = one_line(required=True)
    email = email_address(required=True)


FORM = PublicForm(
    name="data",
    channel=Channel.FORM,
    order=60,
    fields=Data,
    expects=("data_update",),
    confirms=frozenset({"address", "bank", "name"}),
    sections=(
        Section("which", ("kind",)),
        Section("address", ("new_address", "since"), when="kind", of=("address",)),
        Section("bank", ("holder", "iban", "since"), when="kind", of=("bank",)),
        Section("new_name", ("new_name", "since"), when="kind", of=("name",)),
        Section("change", ("change", "since"), when="kind", of=("family", "contact", "other")),
        Section("reach", ("name", "email")),
    ),
    words={
        "en": {
            "title": "Change my personal data",
            "summary": "A new address, bank account, name, family status or emergency contact.",
            "action": "Change my data",
            "intro": "So that nobody changes your data in your name, we ask at the e-mail address we know before we change "
            "your address, bank account or name.",
            "section.which": "What changes?",
            "section.address": "Your new address",
            "section.bank": "Your new bank account",
            "section.new_name": "Your new name",
            "section.change": "The change",
            "kind.label": "What would you like to change?",
            "kind.address": "Address",
            "kind.bank": "Bank account",
            "kind.name": "Name",
            "kind.family": "Family status or children",
            "kind.contact": "Telephone or emergency contact",
            "kind.other": "Something else",
            "new_address.label": "New address",
            "holder.label": "Account holder",
            "iban.label": "IBAN",
            "iban.hint": "We check its check digits at once, so that a slip shows.",
            "new_name.label": "New name",
            "change.label": "What changes?",
            "since.label": "From which day?",
            "name.label": "Your name, as we know it",
            "email.hint": "Best the one at work. We confirm changes only to the address that is in our records.",
        },
        "de": {
            "title": "Meine Daten ändern",
            "summary": "Neue Adresse, Bankverbindung, neuer Name, Familienstand oder Notfallkontakt.",
            "action": "Daten ändern",
            "intro": "Damit niemand in Ihrem Namen Daten ändert, fragen wir vor einer Änderung von Adresse, Bankverbindung oder "
            "Namen an der uns bekannten E-Mail-Adresse nach.",
            "section.which": "Was ändert sich?",
            "section.address": "Ihre neue Adresse",
            "section.bank": "Ihre neue Bankverbindung",
            "section.new_name": "Ihr neuer Name",
            "section.change": "Die Änderung",
            "kind.label": "Was möchten Sie ändern?",
            "kind.address": "Adresse",
            "kind.bank": "Bankverbindung",
            "kind.name": "Name",
            "kind.family": "Familienstand oder Kinder",
            "kind.contact": "Telefon oder Notfallkontakt",
            "kind.other": "Etwas anderes",
            "new_address.label": "Neue Adresse",
            "holder.label": "Kontoinhaber oder Kontoinhaberin",
            "iban.label": "IBAN",
            "iban.hint": "Wir prüfen ihre Prüfziffern sofort, damit ein Tippfehler auffällt.",
            "new_name.label": "Neuer Name",
            "change.label": "Was ändert sich?",
            "since.label": "Ab welchem Tag?",
            "name.label": "Ihr Name, wie wir ihn kennen",
            "email.hint": "Am besten die dienstliche. Änderungen bestätigen wir nur an der Adresse, die wir von Ihnen kennen.",
        },
        "fr": {
            "title": "Modifier mes données",
            "summary": "Nouvelle adresse, compte bancaire, nom, situation familiale ou contact d'urgence.",
            "action": "Modifier mes données",
            "intro": "Pour que personne ne modifie vos données à votre place, nous vous interrogeons à l'adresse e-mail que nous "
            "connaissons avant de changer adresse, compte ou nom.",
            "section.which": "Qu'est-ce qui change ?",
            "section.address": "Votre nouvelle adresse",
            "section.bank": "Votre nouveau compte",
            "section.new_name": "Votre nouveau nom",
            "section.change": "La modification",
            "kind.label": "Que souhaitez-vous modifier ?",
            "kind.address": "Adresse",
            "kind.bank": "Compte bancaire",
            "kind.name": "Nom",
            "kind.family": "Situation familiale ou enfants",
            "kind.contact": "Téléphone ou contact d'urgence",
            "kind.other": "Autre chose",
            "new_address.label": "Nouvelle adresse",
            "holder.label": "Titulaire du compte",
            "iban.label": "IBAN",
            "iban.hint": "Nous vérifions aussitôt sa clé, pour repérer une faute de frappe.",
            "new_name.label": "Nouveau nom",
            "change.label": "Qu'est-ce qui change ?",
            "since.label": "À partir de quel jour ?",
            "name.label": "Votre nom, tel que nous le connaissons",
            "email.hint": "De préférence l'adresse professionnelle. Nous ne confirmons qu'à l'adresse que nous connaissons.",
        },
        "es": {
            "title": "Cambiar mis datos",
            "summary": "Nueva dirección, cuenta bancaria, nombre, situación familiar o contacto de emergencia.",
            "action": "Cambiar mis datos",
            "intro": "Para que nadie cambie sus datos en su nombre, preguntamos en el correo que conocemos antes de cambiar la "
            "dirección, la cuenta o el nombre.",
            "section.which": "¿Qué cambia?",
            "section.address": "Su nueva dirección",
            "section.bank": "Su nueva cuenta",
            "section.new_name": "Su nuevo nombre",
            "section.change": "El cambio",
            "kind.label": "¿Qué desea cambiar?",
            "kind.address": "Dirección",
            "kind.bank": "Cuenta bancaria",
            "kind.name": "Nombre",
            "kind.family": "Situación familiar o hijos",
            "kind.contact": "Teléfono o contacto de emergencia",
            "kind.other": "Otra cosa",
            "new_address.label": "Nueva dirección",
            "holder.label": "Titular de la cuenta",
            "iban.label": "IBAN",
            "iban.hint": "Comprobamos al momento sus dígitos de control, para que se note un error.",
            "new_name.label": "Nuevo nombre",
            "change.label": "¿Qué cambia?",
            "since.label": "¿Desde qué día?",
            "name.label": "Su nombre, tal como lo conocemos",
            "email.hint": "Mejor la del trabajo. Solo confirmamos cambios en la dirección que figura en nuestros datos.",
        },
    },
)
