"""Which language a text is in, told by its small words."""

import pytest

from classifier import corpus
from classifier.language import OTHER, detect
from classifier.text import words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("can i get some time off next week", "en"),
        ("Mein Chef schreit mich jeden Tag an und ich kann nicht mehr", "de"),
        ("J'ai pas reçu ma paie ce mois-ci et personne ne me répond", "fr"),
        ("No me han pagado las horas extra de este mes", "es"),
        ("Ik wil graag vakantie opnemen in juli, kan dat nog", OTHER),
        ("Ho bisogno di parlare con qualcuno del mio capo", OTHER),
        ("мой начальник кричит на меня каждый день", OTHER),
        ("我的经理对我大喊大叫", OTHER),
        ("ok", ""),
        ("", ""),
    ],
)
def test_a_text_s_language_is_found(text, code):
    assert detect(words("", text).counted) == code


def test_nearly_every_frozen_message_is_given_its_language():
    rows = corpus.frozen()
    wrong = [row.id for row in rows if detect(words(row.subject, row.text).counted) not in {row.language, ""}]
    assert len(wrong) <= len(rows) // 50, wrong
