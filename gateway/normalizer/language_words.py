"""The commonest small words of each language, and letters that give a language away."""

# About fifty function words a language, chosen for mail: pronouns, articles, prepositions, auxiliaries, greetings.
COMMON = {
    "en": "the and to of a in is i that it for you was on are with as have be this my not but at your from or "
    "we by an will can "
    "would has do if so there what me am please been when they she he his her their about any which could "
    "should had were "
    "just how who all no get out up hello hi dear thanks thank regards us our because them let know need",
    "de": "der die das und ist ich nicht in zu den mit ein eine es auf für von dem sie wir dass daß im auch "
    "an als aus bei nach wie "
    "noch war haben habe hat werden wird kann oder mein meine mir mich ihr ihre uns einen einem einer bitte "
    "sehr geehrte hallo "
    "danke grüße über wenn nur aber sich zum zur vom sind bin wurde was ob diese dieser dieses keine kein "
    "seit schon heute morgen",
    "fr": "le la les de des du un une et est je que qui dans pour pas vous nous sur avec ce cette il elle en "
    "au aux par mon ma mes "
    "votre vos ne se sont été être avoir ai avez bonjour merci cordialement mais ou où plus si comme tout "
    "bien fait mois jour "
    "suis sans depuis leur leurs notre nos était après madame monsieur faire peut",
    "es": "el la los las de del que y en un una es no por para con se su sus lo como más pero le ya o este "
    "esta mi mis me te si "
    "sobre también hasta hay donde quien desde todo nos durante muy sin qué cuando está están estoy tengo he "
    "ha han gracias hola "
    "saludos buenos días estimado puede puedo ser fue era usted ustedes al porque",
    "it": "il lo la i gli le di del della dei delle che e è un una in per con non si sono ho ha mi da al alla "
    "come anche più ma se "
    "questo questa nel nella sul sulla mio mia hai abbiamo avete essere stato grazie buongiorno saluti "
    "cordiali gentile vorrei "
    "perché quando dove dal dalla ai alle suo sua ci vi ne quanto molto ancora già",
    "pt": "o a os as de do da dos das que e é em um uma no na nos nas para por com não se mais como mas ao ou "
    "à meu minha eu "
    "você vocês sua seu são está estou tenho foi ser também já obrigado obrigada olá bom dia boa tarde "
    "prezado prezada gostaria "
    "pelo pela isso este esta quando muito sem até porque sobre pode posso fazer tem",
    "nl": "de het een en van ik is dat niet in te op je met voor zijn er aan die maar om ook als dan bij nog "
    "wel naar heeft heb "
    "hebben kan wordt worden mijn mij u uw we wij ze zij deze dit geen graag groet groeten bedankt beste dag "
    "over uit door tot "
    "was waren zou moet kunnen al of wat hoe waar omdat jullie",
    "pl": "i w na z do nie się że jest to o jak ale po co tak za od mnie mi mam ma czy dla przez tylko już "
    "jestem może proszę "
    "dziękuję dzień dobry pozdrawiam szanowni państwo pani pan który która które był była było są być oraz ze "
    "przy pod bez "
    "mój moja moje ich jego jej ten ta te tego gdy kiedy chciałbym chciałabym",
    "sv": "och att det i är på jag som för en av den med till inte om har ett vi kan de han hon du men sig "
    "från var så min mitt "
    "mina när hur ska skulle eller mig dig oss er era hej tack hälsningar vänliga vill vara varit blir också "
    "efter utan bara "
    "nu där här någon något detta denna",
    "da": "og at det i er på jeg som for en af den med til ikke om har et vi kan de han hun du men sig fra "
    "var så min mit mine når "
    "hvordan skal skulle eller mig dig os jer hej tak hilsen venlig vil være været bliver også efter uden kun "
    "nu hvor her nogen "
    "noget dette denne hvad blevet meget kære måned mandag uge",
    "no": "og at det i er på jeg som for en av den med til ikke om har et vi kan de han hun du men seg fra "
    "var så min mitt mine når "
    "hvordan skal skulle eller meg deg oss dere hei takk hilsen vennlig vil være vært blir også etter uten "
    "bare nå hvor her noen "
    "noe dette denne hva blitt mye kjære måned mandag uke ble",
    "fi": "ja on ei että en se ole mutta hän kun niin minä sinä me he tämä joka mitä oli voi olen vain sekä "
    "kuin myös jos hei kiitos "
    "terveisin minun ovat mukaan jo nyt vielä koska olla olisi sen tai kanssa",
    "cs": "a se na je v že to s z do o i jsem ale jako po za pro by si už tak není jsou být dobrý den děkuji "
    "prosím pozdravem mi můj "
    "moje který která které když nebo také jen při od mám má byl byla bylo podle",
    "hu": "a az és hogy nem is egy van de meg csak ez azt volt már mert vagy én ha kell el mint még lesz "
    "köszönöm kérem tisztelt "
    "üdvözlettel jó napot szeretnék nekem nagyon itt ott amit aki minden után",
    "ro": "și în de la cu nu pe a o un este că mai din pentru sunt se am ce să care dar fi ca au al ale "
    "această acest mulțumesc bună "
    "ziua stimate cu respect vă rog aș dori când după prin despre",
    "tr": "ve bir bu da de için ile ne çok var daha olarak gibi ben sen o biz siz ama değil mi en kadar olan "
    "sonra her şey teşekkür "
    "ederim merhaba lütfen iyi günler saygılarımla sayın benim ya hiç bana",
    "ca": "el la els les de del que i en un una és no per amb al als com més però si em es seu meva meu "
    "aquest aquesta gràcies bon dia "
    "salutacions són hi ha perquè quan també fins molt",
    "hr": "i je u na se da za ne od su sam što s kao ali iz bi to koji koja koje nije ili po hvala poštovani "
    "pozdrav molim dobar dan "
    "moj moja biti samo kada već više ovo",
    "sk": "a sa na je v že to s z do o i som ale ako po za pre by si už tak nie sú byť dobrý deň ďakujem "
    "prosím pozdravom mi môj moje "
    "ktorý ktorá ktoré keď alebo tiež len pri od mám má bol bola",
}
# Everyday words of work mail, which decide short ones.
WORK = {
    "en": "see attached attachment please find regarding request leave holiday vacation sick payslip salary "
    "office manager work week month day today tomorrow yesterday next last question contract sent send "
    "received take off time more very yes i'm don't here now then where each both did does don doesn won "
    "didn isn",
    "de": "guten tag ich wann wo warum vielen dank mein kommt gern gerne hätte würde möchte siehe anhang anbei "
    "frage urlaub krank gehalt abrechnung vertrag arbeit büro chef woche monat tag gestern freundlichen "
    "viele liebe herr frau rückruf ja nein jetzt dann mehr immer etwas bis gibt alles gut um mal eure "
    "euch ihnen",
    "fr": "merci beaucoup bonsoir malade aujourd hui demain hier voir pièce jointe ci joint congé congés "
    "salaire contrat travail bureau semaine question demande quand pourquoi très aussi oui non cela elle "
    "était ça avons j'ai c'est d'un",
    "es": "muchas gracias hoy ayer mañana enfermo enferma adjunto adjunta documento vacaciones nómina contrato "
    "trabajo oficina semana mes pregunta solicitud cuándo dónde por favor necesito quiero hacer mucho "
    "sólo solo sí también así",
    "it": "mille oggi ieri domani malato malata allegato allegata ferie stipendio contratto lavoro ufficio "
    "settimana mese domanda richiesta posso voglio buonasera prego anch fare così cosa tutto tutti era "
    "sia",
    "pt": "muito muita hoje ontem amanhã doente anexo segue férias salário contrato trabalho escritório semana "
    "mês pergunta pedido estou onde preciso quero atenciosamente cumprimentos aqui então assim bem foram "
    "só",
    "nl": "hartelijk vandaag gisteren morgen ziek ben bijlage bijgevoegd verlof vakantie salaris loonstrook "
    "contract werk kantoor week maand vraag verzoek waarom wanneer vriendelijke goedemorgen goedemiddag "
    "veel meer alleen iets doen ja nee hier daar",
    "pl": "bardzo dziś dzisiaj wczoraj jutro chory chora załącznik załączniku urlop wynagrodzenie umowa praca "
    "biuro tydzień miesiąc pytanie prośba gdzie kiedy dlaczego witam serdecznie tu tam nas nam was więc "
    "będzie",
    "sv": "tack mycket idag igår imorgon sjuk bifogat bilaga bifogar semester lön kontrakt arbete jobb kontor "
    "vecka månad fråga varför alla kommer får bra mycket",
    "da": "mange tak syg idag i går vedhæftet ferie løn kontrakt arbejde kontor uge spørgsmål hvorfor gerne "
    "alle kommer får godt lidt",
    "no": "tusen takk syk vedlagt vedlegg ferie lønn kontrakt arbeid jobb kontor uke spørsmål hvorfor gjerne "
    "alle kommer får bra litt",
}
# Letters that hardly any other of these languages has; each occurrence counts as a small word found.
LETTERS = {
    "de": "ß",
    "fr": "œçêèùâî",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "pl": "łżźśćńęą",
    "sv": "äö",
    "da": "æø",
    "no": "æø",
    "it": "ìò",
    "cs": "ěřůž",
    "hu": "őű",
    "ro": "țşșăţ",
    "tr": "ğışİ",
    "fi": "ä",
    "hr": "čćđ",
    "sk": "ľĺŕô",
    "ca": "·",
}
