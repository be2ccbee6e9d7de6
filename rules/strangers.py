"""Names that the directory does not know, in sentences that accuse: an accusation that matches nobody says so.

Nothing but its shape tells a name from a place, a product or a law, so this is careful twice: only a sentence that speaks of
wrongdoing is looked at, and in it only words that nothing else explains.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from rules.text.index import Tokens
from rules.text.lexicon import compile_pattern


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# How words begin that accuse, folded, in four languages. What also begins everyday words is not among them.
_WRONGS = (
    r"\b(?:touch(?:e[sd]?|ing)? (?:me|my|her|him|us)\b|harass|bull(?:y|ies|ied)|gropes?\b|groped|groping|grabb|shout"
    r"|yell|scream|insult"
    r"|threat|slapp|slaps\b|punch|kick(?:s|ed|ing) (?:me|her|him|us)\b|push(?:es|ed|ing) (?:me|her|him|us)\b"
    r"|hits? (?:me|her|him|us)\b"
    r"|stalk|mock(?:s|ed|ing)\b|humiliat|intimidat|discriminat|assault|abus|molest|rap(?:ed|es)\b|racist|sexist|stole"
    r"|steals|stealing"
    r"|embezzl|brib|falsif|forges|forged|defraud|cheat|sabotag|belittl|ridicul|ma(?:kes?|de) (?:fun|advances|comments"
    r"|remarks)"
    r"|l(?:ied|ying|ies) (?:to|about)\b|swore at|swears at|accus|complain|grievance|misconduct|victimi|retaliat"
    r"|belastig|belaestig|begrapsch|beleidig|bedroh|schreit|schrie\b|brullt|bruellt|angeschrie|mobb|schlagt|schlug"
    r"|geschlagen|stiehlt"
    r"|gestohlen|klaut|betrug|betrog|demutig|fasst mich|beschwer|beschimpf|erpress|lugt\b|luegt\b|diskriminier|verspott"
    r"|harcel|insulte|crie sur|hurle|menac|frapp|humili|agress|touche sans|vole\b|a vole\b|ment sur|moque|rabaiss"
    r"|plain(?:te|dre|s)\b"
    r"|acos|grita|amenaz|golpe|humill|agred|manose|rob(?:a|o|ando)\b|miente|burla|queja|quejo|denunci)"
)

_PARTICLES = _words("van von de di da dos bin ten ter")
_AFTER_PARTICLES = _words("der den la las los")
# Capitalised words that begin a sentence or make up the names of things, and are no name of a person.
_NO_NAMES = _words(
    "i a an the this that these those my our your his her their its and but or so also then when while since after before "
    "during because as if once twice last next every each all some many most both in on at by for from with without about "
    "against to of yesterday today tomorrow tonight now recently again finally later often always never please thank "
    "thanks regards kind best sincerely yours dear hello hi hey what why how who where which he she we they it you there "
    "here not no yes ok okay monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december christmas easter new year years day days week month quarter "
    "summer winter spring autumn fall bank holiday human resources payroll benefits compliance legal finance accounting "
    "sales marketing operations engineering production logistics warehouse purchasing procurement security reception "
    "facilities management board department team unit office desk group committee council union staff employee employees "
    "manager managers supervisor director directors officer head chief president executive assistant colleague colleagues "
    "customer client supplier company inc ltd llc plc gmbh ag sa corp university school college academy hospital clinic "
    "church hotel restaurant cafe bar station airport street road avenue lane square park hall house building floor room "
    "tower centre center north south east west northern southern eastern western central great united kingdom states "
    "europe european british english german french spanish american american's london paris berlin madrid york francisco "
    "angeles act law laws code conduct policy policies handbook guide guidelines rights equality diversity inclusion "
    "dignity respect work workplace training course form report case number reference health safety data protection "
    "privacy tax insurance pension plan fund scheme bonus overtime leave sick teams zoom outlook excel word slack workday "
    "sharepoint google microsoft office365 whatsapp facebook instagram linkedin email mail intranet portal project zero "
    "tolerance open door speak up whistleblowing directive regulation general court tribunal labour labor employment herr "
    "frau dr prof mr mrs ms miss mx sir madame monsieur mme mlle senor senora sr sra don dona ich du er sie es wir ihr "
    "mein meine meinem meinen meiner unser unsere der die das den dem des ein eine einer und oder aber als wenn weil seit "
    "nach vor bei am im zum zur mit von gestern heute morgen immer letzte letzten letzter vielen dank liebe lieber hallo "
    "guten tag montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober "
    "dezember weihnachten ostern ihre ihren auch aus zu chef chefin kollege kollegin kollegen kolleginnen vorgesetzter "
    "vorgesetzte leiter leiterin abteilung personalabteilung personal betriebsrat gewerkschaft geschaftsfuhrung vorstand "
    "firma lager produktion vertrieb einkauf buchhaltung werk schicht arbeit arbeitsplatz mitarbeiter mitarbeiterin "
    "mitarbeitern kunde kundin kunden lieferant lieferanten buro besprechung sitzung woche wochen monat monate jahr jahre "
    "stunden tage uhr euro geld rechnung rechnungen je j tu il elle nous vous ils elles mon ma mes notre nos le la les un "
    "une et ou mais quand depuis apres avant hier aujourd hui demain toujours chaque lundi mardi mercredi jeudi vendredi "
    "samedi dimanche bonjour merci cordialement ressources humaines direction service equipe bureau collegue responsable "
    "syndicat comite entreprise rue place yo el ella nosotros ellos ellas mi mis nuestro nuestra los las una uno unos y o "
    "pero cuando desde despues antes ayer hoy manana siempre cada lunes martes miercoles jueves viernes sabado domingo "
    "hola gracias saludos atentamente recursos humanos direccion departamento equipo oficina jefe jefa companero "
    "companera sindicato empresa calle"
)
_COLLEAGUES = _words(
    "colleague coworker worker teammate boss manager supervisor foreman director trainee intern named called "
    "kollege kollegin kollegen chef chefin vorgesetzter vorgesetzte vorgesetzten namens collegue superieur nomme nommee "
    "companero companera jefe jefa llamado llamada"
)
"""Before one lone word these say that it is a name."""
_PLACES = _words("in at near to into im nach aus a au aux en")
"""Before words these say that they are a place."""
_SELF = _words("i am im ich bin heisse je suis appelle yo soy llamo")
"""Before words these say that they are the writer's own name."""
_NAMES_ONESELF = (_words("is ist est es"), _words("name nom nombre"))


def strangers_in(text: str, tokens: Tokens, own: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Where in the words an unknown name begins, and it as written. `own` are folded words of what the writer is called."""
    wrongs = _wrongs()
    if not wrongs.search(" ".join(tokens.folded)):
        return
    accusing: dict[int, bool] = {}
    for first, last in _runs(text, tokens):
        sentence = tokens.sentences[first]
        if sentence not in accusing:
            accusing[sentence] = wrongs.search(_sentence(tokens, sentence)) is not None
        words = tokens.folded[first : last + 1]
        if not accusing[sentence] or own.issuperset(words) or wrongs.search(" ".join(words)):
            continue
        if not _explained(text, tokens, first, last):
            yield first, text[tokens.starts[first] : tokens.end(last)]


@cache
def _wrongs() -> Any:
    return compile_pattern(_WRONGS)


def _sentence(tokens: Tokens, number: int) -> str:
    return " ".join(word for word, of in zip(tokens.folded, tokens.sentences, strict=True) if of == number)


def _runs(text: str, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """First and last word of what may be names: words with a capital in a row, particles and initials between them."""
    place, count = 0, len(tokens.written)
    while place < count:
        if not _may_be_name(tokens, place):
            place += 1
            continue
        last = following = place
        while (following := following + 1) < count and _beside(text, tokens, following):
            if _may_be_name(tokens, following):
                last = following
            elif not _joins(tokens, following):
                break
        several = " " in text[tokens.starts[place] : tokens.starts[last]]
        if several or (place and tokens.folded[place - 1] in _COLLEAGUES):
            yield place, last
        place = max(last, place) + 1


def _joins(tokens: Tokens, place: int) -> bool:
    """Whether this word stands inside names: a particle as in van der Berg, or an initial."""
    word, before = tokens.folded[place], tokens.folded[place - 1]
    initial = len(word) == 1 and tokens.written[place].isupper()
    return initial or word in _PARTICLES or (word in _AFTER_PARTICLES and before in _PARTICLES)


def _may_be_name(tokens: Tokens, place: int) -> bool:
    word = tokens.written[place]
    return len(word) > 1 and word[0].isupper() and not word.isupper() and tokens.folded[place] not in _NO_NAMES


def _beside(text: str, tokens: Tokens, place: int) -> bool:
    """Whether nothing but a blank, a hyphen or an initial's full stop stands between this word and the one before."""
    between = text[tokens.end(place - 1) : tokens.starts[place]]
    return between in {" ", "-", "'", "’"} or (between == ". " and len(tokens.written[place - 1]) == 1)


def _explained(text: str, tokens: Tokens, first: int, last: int) -> bool:
    """Whether it is a place, the writer's own name, or stands alone in its line as under a letter."""
    before = tokens.folded[max(0, first - 2) : first]
    if before and before[-1] in _PLACES | _SELF:
        return True
    if len(before) == 2 and before[1] in _NAMES_ONESELF[0] and before[0] in _NAMES_ONESELF[1]:
        return True
    begin = text.rfind("\n", 0, tokens.starts[first]) + 1
    end = text.find("\n", tokens.end(last))
    line = text[begin : end if end >= 0 else len(text)]
    return line.strip(" ,.-–—\t\r") == text[tokens.starts[first] : tokens.end(last)].strip()
