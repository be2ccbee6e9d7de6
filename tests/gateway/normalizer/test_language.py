"""The language of a text, by its script and small words."""

import pytest

from gateway.normalizer.language import detect

TEXTS = {
    "en": "Hello, I have a question about my pay: it was too low this month. Could you please look into it?",
    "de": "Guten Tag, ich habe eine Frage zu meiner Abrechnung, sie stimmt nicht. Können Sie das bitte prüfen?",
    "fr": "Bonjour, je vous écris car ma fiche de paie est fausse. Pouvez-vous vérifier, s'il vous plaît ?",
    "es": "Hola, tengo una pregunta sobre mi nómina de mayo porque no está bien. Muchas gracias por su ayuda.",
    "it": "Buongiorno, ho una domanda sulla mia busta paga di maggio che non è corretta. Grazie mille.",
    "pt": "Bom dia, tenho uma pergunta sobre o meu recibo de maio, que não está certo. Muito obrigada.",
    "nl": "Goedemorgen, ik heb een vraag over mijn loonstrook van mei, die klopt niet. Kunt u dat nakijken?",
    "pl": "Dzień dobry, mam pytanie o mój pasek płacowy za maj, który jest błędny. Proszę o sprawdzenie.",
    "sv": "Hej, jag har en fråga om min lönespecifikation för maj som inte stämmer. Kan ni titta på det?",
    "da": "Hej, jeg har et spørgsmål om min lønseddel for maj, der ikke passer. Kan I kigge på det? Tak for hjælpen.",
    "no": "Hei, jeg har et spørsmål om lønnsslippen min for mai som ikke stemmer. Kan dere se på det? Takk for hjelpen.",
    "ja": "五月の給与明細が間違っているようです。ご確認をお願いいたします。",
    "zh": "您好，我五月份的工资单有误，请帮忙核对一下。谢谢。",
    "ko": "안녕하세요. 급여 명세서가 잘못되었습니다. 확인해 주세요.",
    "ru": "Здравствуйте, моя зарплата за май рассчитана неверно, проверьте пожалуйста.",
    "uk": "Добрий день, моя зарплата за травень розрахована неправильно, перевірте її.",
    "el": "Καλημέρα σας, έχω μια ερώτηση για τον μισθό μου.",
    "fi": "Hei, minulla on kysymys palkastani, joka ei ole oikein. Kiitos kun tarkistatte sen.",
    "cs": "Dobrý den, mám otázku k výplatní pásce za květen, která není správná. Děkuji.",
    "tr": "Merhaba, maaş bordrom için bir sorum var, çok teşekkür ederim.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_sentence(language):
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text", ["", "   ", "12345 67", "Anna", "OK", "xyzzy plugh", "https://x.example/the/of/and", "?!"]
)
def test_too_short_or_unsure(text):
    assert detect(text) == ""


def test_a_foreign_greeting_does_not_decide():
    assert detect(TEXTS["en"] + " Viele Grüße") == "en"
    assert detect("Hi, " + TEXTS["de"]) == "de"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thanks!", "en"),
        ("Please see attached.", "en"),
        ("Can I take Friday off?", "en"),
        ("Guten Tag, ich hätte gern frei. Anna", "de"),
        ("Siehe Anhang", "de"),
        ("Je suis malade aujourd'hui", "fr"),
        ("Muchas gracias", "es"),
        ("Sono malato oggi", "it"),
        ("Estou doente hoje", "pt"),
        ("Ik ben vandaag ziek", "nl"),
        ("Jestem dziś chory", "pl"),
        ("Jag är sjuk idag", "sv"),
        ("Jeg er syg i dag", "da"),
        ("Tusen takk", "no"),
    ],
)
def test_a_few_words_are_enough_when_nothing_rivals(text, language):
    assert detect(text) == language
