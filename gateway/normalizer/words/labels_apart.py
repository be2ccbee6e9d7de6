"""Puts each on a line of its own what Yahoo runs together: the separator and header labels above a forwarded mail, and an
attribution with the first words of what it introduces.
"""

import re

MOST_RUN_TOGETHER = 2000
LEAST_LABELS = 3
MOST_ATTRIBUTION = 300

_RUN_TOGETHER = re.compile(
    r"\s*(?P<mark>-{3,} [^\W\d_][^-:]{5,40} -{3,}) *(?P<labels>(?:From|Von|De|Da|Van|Od|Från|Fra)\s?:.{5,})"
)
_LABEL_WITHIN = re.compile(
    r"(?<=[>\w\d)])(?: *)((?:From|Von|De|Da|Van|Od|Från|Fra|To|An|À|Para|A|Aan|Do|Till|Til|Cc|Sent|Gesendet|Envoyé|Enviado|"
    r"Inviato|Verzonden|Wysłano|Skickat|Sendt|Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Temat|Ämne|Emne)\s?:)"
)
# Its phone app: `  On Mon, Mar 3, 2025 at 9:12, Name<a@b> wrote:   Dear Anna,`.
_BEFORE_QUOTE = re.compile(
    r"\s{1,6}(?P<attribution>[^\W\d_]{1,12}\.? \S.{10,160}<[^<>\s]+@[^<>\s]+>[^:：<>]{0,40}[:：])\s{2,}(?P<quoted>\S.*)"
)


def labels_apart(lines: list[str]) -> list[str]:
    """The lines, with the first such line taken apart; the same list when there is none."""
    for number, line in enumerate(lines):
        if line[:1] == " " and "@" in line[:MOST_ATTRIBUTION] and (match := _BEFORE_QUOTE.match(line)):
            return [*lines[:number], match["attribution"], match["quoted"], *lines[number + 1 :]]
        if "---" not in line[:40] or (match := _RUN_TOGETHER.match(line[:MOST_RUN_TOGETHER])) is None:
            continue
        labels = _LABEL_WITHIN.sub(r"\n\1", match.group("labels")).strip().split("\n")
        if len(labels) >= LEAST_LABELS:
            return [*lines[:number], match.group("mark"), *labels, "", *lines[number + 1 :]]
    return lines
