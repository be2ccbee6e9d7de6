"""Puts each on a line of its own what Yahoo runs together above a forwarded mail: the separator and its header labels."""

import re

MOST_RUN_TOGETHER = 2000
LEAST_LABELS = 3

_RUN_TOGETHER = re.compile(
    r"\s*(?P<mark>-{3,} [^\W\d_][^-:]{5,40} -{3,}) *(?P<labels>(?:From|Von|De|Da|Van|Od|Från|Fra)\s?:.{5,})"
)
_LABEL_WITHIN = re.compile(
    r"(?<=[>\w\d)])(?: *)((?:From|Von|De|Da|Van|Od|Från|Fra|To|An|À|Para|A|Aan|Do|Till|Til|Cc|Sent|Gesendet|Envoyé|Enviado|"
    r"Inviato|Verzonden|Wysłano|Skickat|Sendt|Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Temat|Ämne|Emne)\s?:)"
)


def labels_apart(lines: list[str]) -> list[str]:
    """The lines, with the first such line taken apart; the same list when there is none."""
    for number, line in enumerate(lines):
        if "---" not in line[:40] or (match := _RUN_TOGETHER.match(line[:MOST_RUN_TOGETHER])) is None:
            continue
        labels = _LABEL_WITHIN.sub(r"\n\1", match.group("labels")).strip().split("\n")
        if len(labels) >= LEAST_LABELS:
            return [*lines[:number], match.group("mark"), *labels, "", *lines[number + 1 :]]
    return lines
