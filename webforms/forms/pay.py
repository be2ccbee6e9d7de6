"""A problem with pay or benefits: something is missing, wrong or late."""

from cases.model.words import Channel
from webforms.definition import FormFields, PublicForm, Section
from webforms.fields import choice, email_address, long_text, one_line

PAY = ("missing", "amount", "late", "deduction")


class Pay(FormFields):
    """What is wrong, on which payslip, by how much."""

    kind = choice(*PAY, "benefit", "other")
    period = one_line(required=True)
    expected = one_line()
    benefit = one_line(required=True)
    text = long_text()
    name = one_line(required=True)
    email = email_address()


FORM = PublicForm(
    name="pay",
    channel=Channel.FORM,
    order=40,
    fields=Pay,
    expects=("payroll",),
    sections=(
        Section("which", ("kind",)),
        Section("payslip", ("period", "expected"), when="kind", of=PAY),
        Section("benefit", ("benefit",), when="kind", of=("benefit",)),
        Section("reach", ("text", "name", "email")),
    ),
    words={
        "en": {
            "title": "A problem with pay or benefits",
            "summary": "Something on your payslip is missing, wrong or late, or a benefit does not work.",
            "action": "Report the problem",
            "intro": "We check it and tell you what was wrong, what you will get, and when.",
            "section.which": "What is wrong?",
            "section.payslip": "Which payslip?",
            "section.benefit": "Which benefit?",
            "kind.label": "What is the problem?",
            "kind.missing": "Something is missing: hours, overtime, a bonus",
            "kind.amount": "The amount is wrong",
            "kind.late": "The money has not arrived",
            "kind.deduction": "A deduction or tax is wrong",
            "kind.benefit": "A benefit: pension, insurance, travel, meals",
            "kind.other": "Something else",
            "period.label": "For which month or period?",
            "period.hint": "As it stands on the payslip, such as March 2027.",
            "expected.label": "What did you expect instead?",
            "expected.hint": "Hours or an amount, if you know.",
            "benefit.label": "Which benefit is it?",
            "text.label": "What happened?",
            "text.hint": "If you cannot pay your rent because of it, say so: then somebody looks today.",
        },
        "de": {
            "title": "Problem mit Gehalt oder Zusatzleistungen",
            "summary": "Auf Ihrer Abrechnung fehlt etwas, etwas ist falsch oder zu spät, oder eine Leistung funktioniert nicht.",
            "action": "Problem melden",
            "intro": "Wir prüfen es und sagen Ihnen, was falsch war, was Sie bekommen und wann.",
            "section.which": "Was stimmt nicht?",
            "section.payslip": "Welche Abrechnung?",
            "section.benefit": "Welche Leistung?",
            "kind.label": "Was ist das Problem?",
            "kind.missing": "Etwas fehlt: Stunden, Überstunden, ein Bonus",
            "kind.amount": "Der Betrag stimmt nicht",
            "kind.late": "Das Geld ist nicht angekommen",
            "kind.deduction": "Ein Abzug oder die Steuer stimmt nicht",
            "kind.benefit": "Eine Leistung: Rente, Versicherung, Fahrtkosten, Essen",
            "kind.other": "Etwas anderes",
            "period.label": "Für welchen Monat oder Zeitraum?",
            "period.hint": "So, wie er auf der Abrechnung steht, etwa März 2027.",
            "expected.label": "Was hatten Sie stattdessen erwartet?",
            "expected.hint": "Stunden oder ein Betrag, wenn Sie es wissen.",
            "benefit.label": "Um welche Leistung geht es?",
            "text.label": "Was ist passiert?",
            "text.hint": "Wenn Sie deshalb Ihre Miete nicht zahlen können, schreiben Sie es: Dann sieht heute noch jemand nach.",
        },
        "fr": {
            "title": "Un problème de paie ou d'avantages",
            "summary": "Sur votre bulletin, quelque chose manque, est faux ou en retard, ou un avantage ne fonctionne pas.",
            "action": "Signaler le problème",
            "intro": "Nous vérifions et vous disons ce qui n'allait pas, ce que vous recevrez et quand.",
            "section.which": "Qu'est-ce qui ne va pas ?",
            "section.payslip": "Quel bulletin ?",
            "section.benefit": "Quel avantage ?",
            "kind.label": "Quel est le problème ?",
            "kind.missing": "Il manque quelque chose : heures, heures supplémentaires, prime",
            "kind.amount": "Le montant est faux",
            "kind.late": "L'argent n'est pas arrivé",
            "kind.deduction": "Une retenue ou l'impôt est faux",
            "kind.benefit": "Un avantage : retraite, assurance, transport, repas",
            "kind.other": "Autre chose",
            "period.label": "Pour quel mois ou quelle période ?",
            "period.hint": "Comme sur le bulletin, par exemple mars 2027.",
            "expected.label": "Qu'attendiez-vous ?",
            "expected.hint": "Des heures ou un montant, si vous le savez.",
            "benefit.label": "De quel avantage s'agit-il ?",
            "text.label": "Que s'est-il passé ?",
            "text.hint": "Si cela vous empêche de payer votre loyer, dites-le : quelqu'un s'en occupe aujourd'hui même.",
        },
        "es": {
            "title": "Un problema con la nómina o los beneficios",
            "summary": "En su nómina falta algo, hay un error o un retraso, o un beneficio no funciona.",
            "action": "Comunicar el problema",
            "intro": "Lo comprobamos y le decimos qué estaba mal, qué recibirá y cuándo.",
            "section.which": "¿Qué está mal?",
            "section.payslip": "¿Qué nómina?",
            "section.benefit": "¿Qué beneficio?",
            "kind.label": "¿Cuál es el problema?",
            "kind.missing": "Falta algo: horas, horas extra, un complemento",
            "kind.amount": "El importe no es correcto",
            "kind.late": "El dinero no ha llegado",
            "kind.deduction": "Una deducción o el impuesto no es correcto",
            "kind.benefit": "Un beneficio: pensión, seguro, transporte, comidas",
            "kind.other": "Otra cosa",
            "period.label": "¿De qué mes o periodo?",
            "period.hint": "Como figura en la nómina, por ejemplo marzo de 2027.",
            "expected.label": "¿Qué esperaba en su lugar?",
            "expected.hint": "Horas o un importe, si lo sabe.",
            "benefit.label": "¿De qué beneficio se trata?",
            "text.label": "¿Qué ha pasado?",
            "text.hint": "Si por ello no puede pagar el alquiler, dígalo: alguien lo mirará hoy mismo.",
        },
    },
)
