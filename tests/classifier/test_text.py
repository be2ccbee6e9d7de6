"""Words as written and as counted, and the chunks that risk is read in."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.text import CHUNK, LONGEST, chunk_starts, words


def test_case_accents_umlauts_and_apostrophes_make_no_difference():
    assert words("", "Übergriff CAN'T can’t Été").counted == ("uebergriff", "cant", "cant", "ete")


def test_french_elisions_are_words_of_their_own():
    assert words("", "l'entreprise qu'il d’accord").counted == ("l", "entreprise", "qu", "il", "d", "accord")


def test_the_subject_comes_first_and_only_once():
    assert words("Pay", "is late").counted == ("pay", "is", "late")


def test_written_words_keep_their_form():
    assert words("", "MY Gehälter").written == ("MY", "Gehälter")


def test_of_a_very_long_text_both_ends_are_read():
    counted = words("", "first " + "filler " * LONGEST + "last").counted
    assert counted[0] == "first"
    assert counted[-1] == "last"
    assert len(" ".join(counted)) <= LONGEST + 1


@given(st.text(max_size=500))
def test_every_counted_word_has_its_written_one(text):
    found = words("", text)
    assert len(found.written) == len(found.counted) == found.length
    assert all(word and " " not in word for word in found.counted)


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=30), max_size=300))
def test_chunks_cover_everything_once_and_stay_near_their_size(document):
    starts = chunk_starts(document)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    for start, end in zip(starts, [*starts[1:], len(document)], strict=True):
        assert sum(len(word) + 1 for word in document[start:end]) <= CHUNK + CHUNK // 3 + 31
