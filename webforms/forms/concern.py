"""A concern about somebody's conduct: harassment, discrimination, bullying, misuse of power, dishonesty."""

from cases.model.words import Access, Channel
from webforms.definition import FormFields, PublicForm, Section
from webforms.fields import choice, email_address, long_text, one_line, people

KINDS = ("harassment", "discrimination", "bullying", "manager", "dishonesty", "other")


class Concern(FormFields):
    """What happened, who is involved, and whether somebody is at risk now."""

    kind = choice(*KINDS)
    text = long_text()
    when = one_line()
    where = one_line()
    danger = choice("no", "unsure", "yes", default="no")
    fear = long_text(required=False, most=2000)
    concerns = people()
    keep_from = people()
    managers = choice("may", "kept", default="may")
    witnesses = one_line(most=500)
    name = one_line(required=True)
    email = email_address()


FORM = PublicForm(
    name="concern",
    channel=Channel.FORM,
    order=10,
    group="speak",
    fields=Concern,
    expects=("harassment_discrimination", "harassment", "misconduct"),
    access=Access.RESTRICTED,
    sections=(
        Section("what", ("kind", "text", "when", "where", "danger")),
        Section("safety", ("fear",), when="danger", of=("unsure", "yes")),
        Section("people", ("concerns", "keep_from", "managers", "witnesses")),
        Section("reach", ("name", "email")),
    ),
    words={
        "en": {
            "title": "Raise a concern about conduct",
            "summary": "Harassment, discrimination, bullying, a manager's behaviour, dishonesty: something that should not "
            "go on.",
            "action": "Raise a concern",
            "intro": "Thank you for coming forward. You don't need proof and you don't need the right words. Whoever it is "
            "about is kept out before anybody is told.",
            "section.what": "What happened",
            "section.safety": "Are you safe?",
            "section.people": "Who is involved",
            "kind.label": "What comes closest?",
            "kind.hint": "It need not fit exactly. We look at what you write.",
            "kind.harassment": "Harassment, also sexual",
            "kind.discrimination": "Discrimination",
            "kind.bullying": "Bullying, or a conflict that hurts",
            "kind.manager": "How a manager behaves",
            "kind.dishonesty": "Dishonesty, theft or a broken rule",
            "kind.other": "Something else",
            "text.label": "What happened?",
            "text.hint": "In your own words and order. What was said and done, and how it affects you or others.",
            "danger.label": "Is somebody in danger, or could it get worse soon?",
            "fear.label": "What are you afraid could happen?",
            "fear.hint": "A sentence is enough. It decides how quickly somebody looks at this.",
            "witnesses.label": "Did anybody see or hear it?",
            "witnesses.hint": "Names, if you wish. We speak to nobody before we have spoken with you.",
        },
        "de": {
            "title": "Bedenken zu einem Verhalten melden",
            "summary": "Belästigung, Diskriminierung, Mobbing, das Verhalten von Vorgesetzten, Unredlichkeit: etwas, das so "
            "nicht weitergehen soll.",
            "action": "Bedenken melden",
            "intro": "Danke, dass Sie sich melden. Sie brauchen keine Beweise und nicht die richtigen Worte. Wen es betrifft, "
            "der bleibt außen vor, bevor irgendjemand davon erfährt.",
            "section.what": "Was geschehen ist",
            "section.safety": "Sind Sie sicher?",
            "section.people": "Wer beteiligt ist",
            "kind.label": "Was trifft es am ehesten?",
            "kind.hint": "Es muss nicht genau passen. Maßgeblich ist, was Sie schreiben.",
            "kind.harassment": "Belästigung, auch sexuelle",
            "kind.discrimination": "Diskriminierung",
            "kind.bullying": "Mobbing oder ein Konflikt, der verletzt",
            "kind.manager": "Verhalten einer Führungskraft",
            "kind.dishonesty": "Unredlichkeit, Diebstahl oder ein Regelverstoß",
            "kind.other": "Etwas anderes",
            "text.label": "Was ist geschehen?",
            "text.hint": "In Ihren Worten und Ihrer Reihenfolge: was gesagt und getan wurde und was es mit Ihnen oder anderen "
            "macht.",
            "danger.label": "Ist jemand in Gefahr, oder kann es bald schlimmer werden?",
            "fear.label": "Was befürchten Sie?",
            "fear.hint": "Ein Satz genügt. Danach richtet sich, wie schnell jemand hinsieht.",
            "witnesses.label": "Hat es jemand gesehen oder gehört?",
            "witnesses.hint": "Namen, wenn Sie möchten. Wir sprechen mit niemandem, bevor wir mit Ihnen gesprochen haben.",
        },
        "fr": {
            "title": "Signaler un comportement",
            "summary": "Harcèlement, discrimination, brimades, conduite d'un responsable, malhonnêteté : ce qui ne doit pas "
            "continuer.",
            "action": "Signaler un comportement",
            "intro": "Merci de vous manifester. Il ne vous faut ni preuve ni formule exacte. La personne mise en cause est "
            "écartée du dossier avant que quiconque soit informé.",
            "section.what": "Ce qui s'est passé",
            "section.safety": "Êtes-vous en sécurité ?",
            "section.people": "Les personnes concernées",
            "kind.label": "Qu'est-ce qui s'en approche le plus ?",
            "kind.hint": "Cela n'a pas besoin d'être exact. C'est votre récit qui compte.",
            "kind.harassment": "Harcèlement, y compris sexuel",
            "kind.discrimination": "Discrimination",
            "kind.bullying": "Brimades ou conflit qui blesse",
            "kind.manager": "Conduite d'un responsable",
            "kind.dishonesty": "Malhonnêteté, vol ou règle enfreinte",
            "kind.other": "Autre chose",
            "text.label": "Que s'est-il passé ?",
            "text.hint": "Avec vos mots, dans l'ordre qui vous vient : ce qui a été dit et fait, et ce que cela vous fait, à "
            "vous ou à d'autres.",
            "danger.label": "Quelqu'un est-il en danger, ou la situation peut-elle vite empirer ?",
            "fear.label": "Que craignez-vous ?",
            "fear.hint": "Une phrase suffit. Elle détermine la rapidité avec laquelle quelqu'un s'en saisit.",
            "witnesses.label": "Quelqu'un l'a-t-il vu ou entendu ?",
            "witnesses.hint": "Des noms, si vous le souhaitez. Nous ne parlons à personne avant de vous avoir parlé.",
        },
        "es": {
            "title": "Comunicar una conducta preocupante",
            "summary": "Acoso, discriminación, maltrato, el comportamiento de un superior, falta de honradez: algo que no debe "
            "seguir así.",
            "action": "Comunicar una conducta",
            "intro": "Gracias por dar el paso. No necesita pruebas ni las palabras exactas. La persona de quien se trata queda "
            "apartada antes de que nadie sea informado.",
            "section.what": "Qué ocurrió",
            "section.safety": "¿Está a salvo?",
            "section.people": "Quiénes intervienen",
            "kind.label": "¿Qué se le parece más?",
            "kind.hint": "No hace falta que encaje del todo. Lo que cuenta es lo que escriba.",
            "kind.harassment": "Acoso, también sexual",
            "kind.discrimination": "Discriminación",
            "kind.bullying": "Maltrato o un conflicto que hace daño",
            "kind.manager": "El comportamiento de un superior",
            "kind.dishonesty": "Falta de honradez, robo o incumplimiento",
            "kind.other": "Otra cosa",
            "text.label": "¿Qué ocurrió?",
            "text.hint": "Con sus palabras y en el orden que quiera: qué se dijo y se hizo, y cómo le afecta a usted o a otras "
            "personas.",
            "danger.label": "¿Hay alguien en peligro, o puede empeorar pronto?",
            "fear.label": "¿Qué teme que pueda pasar?",
            "fear.hint": "Basta una frase. De ella depende la rapidez con que alguien lo mire.",
            "witnesses.label": "¿Lo vio o lo oyó alguien?",
            "witnesses.hint": "Nombres, si lo desea. No hablamos con nadie antes de hablar con usted.",
        },
    },
)
