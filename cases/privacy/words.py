"""Words by which classed data is known, in English, German, French and Spanish: beginnings of words, so that endings fit."""

MEDICAL = "|".join(
    (
        # illness and diagnosis
        r"diagnos[etií]", r"disease", r"illness", r"sick(?:ness)?\b", r"depress", r"burn-?out", r"anxiety", r"cancer", r"tumou?r",
        r"pregnan", r"miscarriage", r"disabilit", r"disabled\b", r"surgery", r"hospital", r"psych(?:iatr|olog|other)", r"therap",
        r"medicat", r"prescri", r"diabet", r"epilep", r"asthma", r"migraine", r"\bhiv\b", r"addict", r"alcoholi", r"autis",
        r"\badhd\b", r"injur", r"symptom", r"chronic", r"blood pressure", r"doctor'?s note", r"mental health", r"covid",
        # German
        r"krank", r"erkrank", r"arbeitsunfähig", r"depressi", r"angststör", r"krebs\b", r"schwanger", r"fehlgeburt",
        r"behinder", r"schwerbehindert", r"operation\b", r"krankenhaus", r"medikament", r"ärztlich", r"attest\b",
        r"verletz", r"schmerz", r"bluthochdruck", r"sucht(?:krank|problem)", r"gesundheitlich", r"therapie",
        # French
        r"malad", r"diagnosti", r"dépress", r"épuisement", r"grossesse", r"enceinte\b", r"fausse couche", r"handicap",
        r"hôpital", r"médicament", r"arrêt (?:de travail|maladie)", r"arrêt-maladie", r"blessur", r"ordonnance", r"santé mentale",
        r"chirurgi", r"thérap", r"douleur", r"angoisse",
        # Spanish
        r"enferm", r"diagnóst", r"depresi", r"ansiedad", r"cáncer", r"embaraz", r"aborto", r"discapac", r"baja médica",
        r"medicament", r"lesion", r"lesión", r"cirug", r"terapia", r"psicólog", r"psiquiat", r"síntoma", r"dolor(?:es)?\b",
        r"salud mental", r"minusval",
    )
)  # fmt: skip
"""Whole words are marked by a boundary; the rest are beginnings."""

PAY = "|".join(
    (
        "salary", "salaries", "wages?", "earns?", "pay(?:slip|check)?", "bonus", "gross", "net",
        "gehalt", "lohn", "verdiene[nt]?", "brutto", "netto", "vergütung",
        "salaire", "rémunération", "brut", "prime", "gagne",
        "salario", "sueldo", "nómina", "bruto", "neto", "gano",
    )
)  # fmt: skip

BIRTH = "|".join(
    (
        "born", "date of birth", "dob", "birth ?day", "birthdate", "geboren", "geburtsdatum", "geb", "née?", "date de naissance",
        "naissance", "nacid[oa]", "fecha de nacimiento", "nacimiento", "nací",
    )
)  # fmt: skip
