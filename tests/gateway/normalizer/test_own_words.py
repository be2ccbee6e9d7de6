"""Words of a person that look like quotes, headers, signatures or notices stay; what clients add in other shapes goes."""

# ruff: noqa: E501 - tables of mails, one a line

import pytest

from gateway.normalizer.words.new_text import find_new_text

# (name, whole text, whether the mail answers another): every word is the person's.
KEPT = [
    ("name date To Subject own", "Hello HR,\n\nthis is what I sent to my manager and got no answer to:\n\nAnna Berg\n03/03/2025 10:00\nTo: Peter Smith\nSubject: Overtime\nHe never replied. What can I do?\n\nAnna", True),
    ("name date To Subject own noreply", "Hello HR,\n\nthe meeting was set up by\n\nPeter Smith 03/03/2025 10:00\nTo: all of accounting\nSubject: Reorganisation\n\nI was not invited, and I want to know why.\n\nAnna", False),
    ("form by Notes-like lines", "Absence\n\nAnna Berg\n03.03.2025 09:00\nAn: HR\nBetreff: Krankmeldung\n\nIch bin bis Freitag krank geschrieben. Attest folgt.\n", False),
    ("HR> own list", "Dialog protocol:\n\nHR> you must come in\nME> I am ill\nHR> then bring a note\nME> I did\n\nThis is what was said to me on the phone.\n", True),
    ("Q> A> list", "My questions:\n\nQ> Is the bonus paid in May?\nQ> Who signs?\n\nThanks\nAnna", True),
    ("HR> prefixes no attribution new mail", "HR> wrong\nHR> also wrong\n\nAnna", False),
    ("list with >", "We compared:\n\n> 10 hours: paid\n> 20 hours: not paid\n\nPlease explain the second line.\n", False),
    ("arrow in sentence", "Steps I took:\n\n-> opened the portal\n-> clicked payslip\n=> error 500\n\nAnna", True),
    ("angle math", "My hours were\n>40 in March and\n>45 in April.\nPlease pay them.\n", False),
    ("rule between two matters", "Matter one: overtime.\n\n---\n\nMatter two: my manager shouts at me.\n", True),
    ("double dash divider two matters", "Matter one: overtime.\n\n--\n\nMatter two: my manager shouts at me.\n\n--\n\nMatter three: the canteen.\n\nAnna", True),
    ("disclaimer-like sentence", "Hello,\n\nthis message is confidential and intended only for HR: please do not forward it to my manager or delete it, he is the one I complain about.\n\nAnna", True),
    ("disclaimer-like own German", "Hallo,\n\ndiese E-Mail ist vertraulich und ausschließlich für die Personalabteilung bestimmt. Bitte keine Weitergabe an Herrn Schmidt, er würde sie löschen.\n\nAnna", True),
    ("if you have received in error own", "Hello,\n\nif you have received in error my first mail, delete it, the recipient should have been payroll. The right amount is 300 euro.\n\nAnna", True),
    ("original message mention", "Hello,\n\nsee my original message below in the ticket.\n\nFrom: is wrong in it; the Subject: too.\n\nAnna", True),
    ("on date X wrote: own quote", "I complain.\n\nOn 3 March 2025 Peter Smith wrote:\n\"You are an idiot.\"\n\nI want this to stop.\n\nAnna", False),
    ("on date X wrote in reply", "I complain about this chat message.\n\nOn 3 March 2025 at 10:15 Peter Smith wrote:\n\"You are an idiot.\"\n\nI want this to stop.\n\nAnna", False),
    ("own Sent from", "I was there.\n\nSent from the Berlin office to Munich without being asked\n\nAnna", True),
    ("thanks then more", "Hello,\n\nthanks\n\nplease call me at +49 30 1234567 tomorrow\nor mail anna@example.com\n\nAnna", True),
    ("contact data as content", "Hello,\n\nmy new address, please update. Thanks!\n\nAnna Berg\nNew Street 12\n10115 Berlin\nTel. +49 30 998877\n", True),
    ("contact after closing as content", "Please update my details as follows.\n\nThank you\n\nNew address: New Street 12, 10115 Berlin\nNew phone: +49 30 998877\n", True),
    ("CAUTION own", "Caution: the external company on floor 3 lets people from outside the organisation in.\n\nAnna", False),
    ("attention own first line", "Attention: external people sent from outside the company have keys to our office.\nPlease act.\n\nAnna", False),
    ("from to own range", "Leave\nFrom: 3 March 2025\nTo: 7 March 2025\nSubject: sick child\nDate: today\n\nAnna", False),
    ("own header-like with mail", "Please correct in the directory:\nFrom: anna@old.example\nTo: anna@new.example\nSubject: name change after marriage\nDate: 1 May 2025\n\nIt has been wrong for months.\n\nAnna", False),
    ("answer below outlook see below bottom", "From: HR Team <hr@example.com>\nSent: Monday, March 3, 2025 10:00 AM\nTo: Anna Berg\nSubject: Payslip\n\nDear Anna,\n\nyour payslip is ready.\n\nHR\n", True),
    ("teams/exchange bar html text", "Still wrong.\n\n| Dear Anna,\n| your payslip is ready.\n", True),
    ("own table bars", "My hours:\n\n| Day | Hours |\n| --- | --- |\n| Mon | 10 |\n| Tue | 12 |\n\nPlease check.", True),
    ("after wrote colon own bar", "As Peter wrote:\n| Come in on Sunday\n| or you are fired\n\nIs that allowed?\n", False),
    ("chat transcript", "This is the chat:\n\nPeter: you are late\nAnna: the train was late\nPeter: I don't care\n\nPlease help.", False),
    ("chat with dates", "This is the chat:\n\n[03.03.25, 10:00] Peter: you are late\n[03.03.25, 10:01] Anna: sorry\n\nPlease help.", False),
    ("own wrote: then unmarked, reply, date w/o time", "Hello,\n\non 3 March 2025 my manager wrote:\n\nYou will not get a raise.\n\nI object.\n\nAnna", True),
    ("own wrote: w/ time, reply, no address", "Hello,\n\non 3 March 2025 at 10:15 my manager wrote:\n\nYou will not get a raise.\n\nI object.\n\nAnna", True),
    ("de own schrieb", "Hallo,\n\nam 3. März 2025 um 10:15 Uhr schrieb mein Chef mir im Chat:\n\nDu kriegst keine Erhöhung.\n\nIch widerspreche.\n\nAnna", True),
    ("numbered inline answers colon", "1) Name: Anna\n2) Date: 3 March 2025, 10:00\n3) To: be paid by May\n4) From: payroll\n5) Subject: overtime\n\nAnna", False),
    ("GT html arrow nav", "Click Menu > Payslips > May. It shows nothing.\n> I mean it shows an empty page.\n\nAnna", False),
    ("regards in middle", "Dear HR,\n\nthank you for the quick reply. Kind regards to Peter as well.\n\nBest regards\n\nAnna\n\nOne more: the bonus of April is missing, call me on +49 30 123456 before noon.\n", True),
    ("closing then PS with mail", "Please help.\n\nThanks,\nAnna\n\nPS: write to anna@private.example, I have no access at work.\n", True),
    ("closing then bank", "Hello,\nmy account changed.\n\nThanks\nAnna\n\nIBAN: DE02 1203 0000 0000 2020 51\nBIC: BYLADEM1001\nanna@private.example\n", True),
    ("es own firma line", "Hola:\n\nel jefe me dijo:\n\n> firma o vete\n\n¿Es legal?\n\nAna", False),
    ("fr own cite", "Bonjour,\n\nmon chef a écrit sur Teams :\n\n« Vous êtes nul. »\n\nQue faire ?\n\nAnna", False),
    ("fr own dated cite reply", "Bonjour,\n\nle 3 mars 2025 à 10:15 mon chef a écrit :\n\n« Vous êtes nul. »\n\nQue faire ?\n\nAnna", True),
    ("it own Da A", "Ferie\n\nDa: lunedì 3 marzo\nA: venerdì 7 marzo\nOggetto: ferie\n\nGrazie\nAnna", False),
    ("de own Von An", "Urlaub\n\nVon: 03.03.2025\nAn: 07.03.2025\nBetreff: Erholungsurlaub\nGesendet: per Hauspost\n\nAnna", False),
    ("nl own Van", "Reiskosten\n\nVan: Utrecht\nNaar: Amsterdam\nDatum: 3 maart 2025\nOnderwerp: vergadering\n\nAnna", False),
    ("travel From To Date Subject", "Travel claim\n\nFrom: Berlin\nTo: Munich\nDate: 3 March 2025, 10:00\nSubject: customer visit\n\nPlease reimburse 120 euro.\n\nAnna", False),
    ("meeting sent", "Meeting request\n\nFrom: 10:00\nTo: 11:00\nSubject: Talk about my contract\nDate: 3 March 2025\n\nIs this possible?", False),
    ("dash list long", "I need:\n\n-- a chair\n-- a desk\n\nThanks", True),
    ("rule underscores", "One matter.\n\n________________________________\n\nAnother matter: from Monday to Friday I work at home.\n", True),
    ("rule underscores From:", "One matter.\n\n________________________________\nFrom: Monday on I am on leave.\nTo: be continued\n", True),
    ("asterisks", "First.\n\n*****\n\nSecond.", True),
    ("equals", "First.\n\n=====\nDate: 3 March\nPlace: canteen\nHe hit me.", False),
    ("own confidential", "Please treat this confidentially.\n\nThis information is confidential: only the recipient HR should read it; the distribution to others is prohibited.\n\nAnna Berg works in payroll.", True),
    ("wichtig Hinweis", "Hallo,\n\nHinweis: die Empfänger der Abrechnung wurden irrtümlich vertauscht, bitte löschen.\n\nAnna", True),
    ("importante aviso", "Hola,\n\naviso importante: el destinatario de la nómina es erróneo, hay que eliminarla.\n\nAna", False),
    ("disclaimer only?", "Please delete the file you have sent to all: confidential information of other people is in it.\n\nAnna", False),
    ("Sent from site", "Hello,\n\nSent from my manager: a list of people to fire. Is that ok?\n\nAnna", False),
    ("gesendet von", "Hallo,\n\nGesendet von Peter an alle: eine Liste der Kranken. Darf er das?\n\nAnna", False),
    ("envoyé par", "Bonjour,\n\nEnvoyé par mon chef à toute l'équipe hier soir\n\nAnna", False),
    ("enviado por", "Hola,\n\nEnviado por mi jefe a todos\n\nAna", False),
    ("wysłane przez", "Dzień dobry,\n\nWysłane przez mojego szefa do wszystkich\n\nAnna", False),
    ("brevity", "I was told in public:\n\nPlease excuse my brevity but you are fired.\n\nIs this legal?", False),
    ("unsubscribe", "Please unsubscribe me from the staff newsletter.\n\nAnna", False),
    ("ja own", "お世話になっております。\n\n送信者：田中\n日時：3月3日\n件名：残業\n\n上記の通りです。\n\n田中", False),
    ("zh own form", "您好\n\n时间：2025年3月3日\n主题：加班\n收件人：李经理\n发件人：王五\n\n以上是我的申请。\n\n王五", False),
]  # fmt: skip

# (name, whole text, the person's own, whether the mail answers another)
CUT = [
    ("initials quote in reply", "HR Team <hr@example.com> wrote:\nHR> Do you come?\nHR> And Peter?\n\nI do, he does not.\n", "I do, he does not.", True),
    ("sig in middle", "Hello,\n\nfirst matter: my payslip.\n\n-- \n\nSecond matter: my holiday. I asked for two weeks in July and have had no answer from anybody in the team, although I wrote to them three times, and now the flights are getting more expensive every day.\n\nAnna", "Hello,\n\nfirst matter: my payslip.\n\n--\n\nSecond matter: my holiday. I asked for two weeks in July and have had no answer from anybody in the team, although I wrote to them three times, and now the flights are getting more expensive every day.\n\nAnna", True),
    ("sig in middle short ps", "Hello,\n\nplease check my payslip.\n\n-- \nAnna Berg\nPayroll\n\nPS: My new account number is DE02 1203 0000 0000 2020 51, please use it from May on.\n", "Hello,\n\nplease check my payslip.\n\nPS: My new account number is DE02 1203 0000 0000 2020 51, please use it from May on.", True),
    ("below Gmail quote with own lines", "On Mon, 3 Mar 2025 at 10:00, HR Team <hr@example.com> wrote:\n\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR\n\nIt is still wrong.\n\nAnna", "It is still wrong.\n\nAnna", True),
    ("between nested", "On Mon, 3 Mar 2025 at 10:00, HR Team <hr@example.com> wrote:\n> Question one?\n\nAnswer one.\n\n> Question two?\n>\n> > older\n\nAnswer two.\n\nAnna", "Answer one.\n\nAnswer two.\n\nAnna", True),
    ("inline under Outlook header marked", "Answers in line.\n\n-----Original Message-----\n> From: HR\n> When?\n\nTomorrow.\n> Where?\nBerlin.", "Answers in line.\n\nTomorrow.\n\nBerlin.", True),
    ("outlook inline no mark: forward note remark", "FYI\n\n---------- Forwarded message ---------\nFrom: Peter <p@example.com>\nDate: Mon, 3 Mar 2025\nSubject: You\nTo: Anna <a@example.com>\n\nYou are fired.\n", "FYI", False),
    ("pl gmail", "Nadal źle.\n\nAnna\n\npon., 3 mar 2025, 10:00 użytkownik HR Team <hr@example.com> napisał:\n\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR", "Nadal źle.\n\nAnna", True),
    ("pl thunderbird", "Nadal źle.\n\nW dniu 03.03.2025 o 10:00, HR Team pisze:\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR", "Nadal źle.", True),
    ("pl outlook unmarked", "Nadal źle.\n\n________________________________\nOd: HR Team <hr@example.com>\nWysłane: poniedziałek, 3 marca 2025 10:00\nDo: Anna Berg <anna@example.com>\nTemat: Pasek\n\nStare słowa.", "Nadal źle.", True),
    ("sv gmail", "Fortfarande fel.\n\nDen mån 3 mars 2025 kl 10:00 skrev HR Team <hr@example.com>:\n\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR", "Fortfarande fel.", True),
    ("da outlook", "Stadig forkert.\n\nFra: HR Team <hr@example.com>\nSendt: 3. marts 2025 10:00\nTil: Anna Berg <anna@example.com>\nEmne: Lønseddel\n\nGamle ord.", "Stadig forkert.", True),
    ("no iphone", "Fortsatt feil.\n\nSendt fra min iPhone\n\n> 3. mars 2025 kl. 10:00 skrev HR Team <hr@example.com>:\n> \n> Gamle ord.", "Fortsatt feil.", True),
    ("de iphone new apple", "Immer noch falsch.\n\nVon meinem iPhone gesendet\n\n> Am 03.03.2025 um 10:00 schrieb HR Team <hr@example.com>:\n> \n> \ufeffAlte Worte.", "Immer noch falsch.", True),
    ("fr outlook web", "Toujours faux.\n\n________________________________\nDe : HR Team <hr@example.com>\nEnvoyé : lundi 3 mars 2025 10:00\nÀ : Anna Berg <anna@example.com>\nObjet : Fiche\n\nVieux mots.", "Toujours faux.", True),
    ("es outlook mobile", "Sigue mal.\n\nObtener Outlook para iOS<https://aka.ms/o0ukef>\n________________________________\nDe: HR Team <hr@example.com>\nEnviado: lunes, 3 de marzo de 2025 10:00:00\nPara: Anna Berg <anna@example.com>\nAsunto: Nómina\n\nViejas palabras.", "Sigue mal.", True),
    ("it apple", "Ancora sbagliato.\n\n> Il giorno 3 mar 2025, alle ore 10:00, HR Team <hr@example.com> ha scritto:\n> \n> Vecchie parole.", "Ancora sbagliato.", True),
    ("pt gmail wrapped", "Ainda errado.\n\nHR Team <hr@example.com> escreveu (segunda, 3/03/2025\nà(s) 10:00):\n\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR", "Ainda errado.", True),
    ("nl outlook", "Nog steeds fout.\n\nVan: HR Team <hr@example.com>\nVerzonden: maandag 3 maart 2025 10:00\nAan: Anna Berg <anna@example.com>\nOnderwerp: Loonstrook\n\nOude woorden.", "Nog steeds fout.", True),
    ("nl ios", "Nog steeds fout.\n\nVerstuurd vanaf mijn iPhone\n\n> Op 3 mrt 2025 om 10:00 heeft HR Team <hr@example.com> het volgende geschreven:\n> \n> Oude woorden.", "Nog steeds fout.", True),
    ("ja outlook", "まだ間違っています。\n\n________________________________\n差出人: HR Team <hr@example.com>\n送信日時: 2025年3月3日 10:00\n宛先: Anna Berg <anna@example.com>\n件名: 給与\n\n古い言葉。", "まだ間違っています。", True),
    ("ja gmail", "まだ間違っています。\n\n2025年3月3日(月) 10:00 HR Team <hr@example.com>:\n\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR", "まだ間違っています。", True),
    ("zh qq", "还是不对。\n\n\n\n------------------ 原始邮件 ------------------\n发件人: \"HR Team\" <hr@example.com>;\n发送时间: 2025年3月3日(星期一) 上午10:00\n收件人: \"Anna\"<anna@example.com>;\n主题: 工资单\n\n旧的话。", "还是不对。", True),
    ("zh foxmail", "还是不对。\n\n发件人： HR Team\n发送时间： 2025-03-03 10:00\n收件人： anna@example.com\n主题： 工资单\n旧的话。", "还是不对。", True),
    ("zh netease", "还是不对。\n\n---- 回复的原邮件 ----\n| 发件人 | HR Team<hr@example.com> |\n| 日期 | 2025年03月03日 10:00 |\n| 收件人 | Anna<anna@example.com> |\n| 主题 | 工资单 |\n旧的话。", "还是不对。", True),
    ("netease en", "Still wrong.\n\n---- Replied Message ----\n| From | HR Team<hr@example.com> |\n| Date | 03/03/2025 10:00 |\n| To | Anna<anna@example.com> |\n| Subject | Payslip |\nOld words.", "Still wrong.", True),
    ("zoho", "Still wrong.\n\n---- On Mon, 03 Mar 2025 10:00:00 +0100 HR Team <hr@example.com> wrote ----\n\n Dear Anna,\n your payslip is ready.", "Still wrong.", True),
    ("zoho2", "Still wrong.\n\n---- On Mon, 03 Mar 2025 10:00:00 +0100 hr@example.com wrote ---\n> Dear Anna,", "Still wrong.", True),
    ("yahoo", "Still wrong.\n\n    On Monday, March 3, 2025 at 10:00:00 AM GMT+1, HR Team <hr@example.com> wrote:  \n \n Dear Anna,\n\nyour payslip is ready.", "Still wrong.", True),
    ("proton", "Still wrong.\n\nSent with [Proton Mail](https://proton.me/) secure email.\n\nOn Monday, March 3rd, 2025 at 10:00 AM, HR Team <hr@example.com> wrote:\n\n> Dear Anna,", "Still wrong.", True),
    ("protonmail old", "Still wrong.\n\n‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, March 3, 2025 10:00 AM, HR Team <hr@example.com> wrote:\n\n> Dear Anna,", "Still wrong.", True),
    ("outlook express", "Still wrong.\n----- Original Message ----- \nFrom: \"HR Team\" <hr@example.com>\nTo: \"Anna\" <anna@example.com>\nSent: Monday, March 03, 2025 10:00 AM\nSubject: Re: Payslip\n\n\n> Dear Anna,\n>", "Still wrong.", True),
    ("Notes reply real", "Still wrong.\n\n\n\nHR Team@EXAMPLE\n03/03/2025 10:00 AM\nTo:\tAnna Berg/CORP/EXAMPLE@EXAMPLE\ncc:\t \nSubject:\tRe: Payslip\n\nDear Anna, your payslip is ready.", "Still wrong.", True),
    ("Notes sent by", "Still wrong.\n\n\n\n\"HR Team\" <hr@example.com> on 03/03/2025 10:00:00 AM\nTo:\t<anna@example.com>\ncc:\t \nSubject:\tRe: Payslip\n\nDear Anna, your payslip is ready.", "Still wrong.", True),
    ("Notes de", "Immer noch falsch.\n\nVon:\tHR Team/EXAMPLE\nAn:\tAnna Berg/EXAMPLE@EXAMPLE\nDatum:\t03.03.2025 10:00\nBetreff:\tAbrechnung\n\n\n\nAlte Worte.", "Immer noch falsch.", True),
    ("kmail", "Still wrong.\n\nOn Monday, 3 March 2025 10:00:00 CET HR Team wrote:\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR", "Still wrong.", True),
    ("evolution", "On Mon, 2025-03-03 at 10:00 +0100, HR Team wrote:\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR\n\nStill wrong.\n", "Still wrong.", True),
    ("mutt", "On Mon, Mar 03, 2025 at 10:00:00AM +0100, HR Team wrote:\n> When?\n\nNow.\n\n-- \nAnna\n", "Now.", True),
    ("mutt pt You wrote", "HR Team <hr@example.com> wrote:\n\n> When?\n\nNow.", "Now.", True),
    ("samsung", "Still wrong.\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: HR Team <hr@example.com> \nDate: 03/03/2025  10:00  (GMT+01:00) \nTo: Anna <anna@example.com> \nSubject: Payslip \n\nDear Anna,", "Still wrong.", True),
    ("samsung de", "Immer noch.\n\n\nVon meinem/meiner Galaxy gesendet\n\n\n-------- Ursprüngliche Nachricht --------\nVon: HR Team <hr@example.com> \nDatum: 03.03.25  10:00  (GMT+01:00) \nAn: Anna <anna@example.com> \nBetreff: Abrechnung \n\nAlt.", "Immer noch.", True),
    ("gmx", "Immer noch falsch.\n \n\nGesendet: Montag, 03. März 2025 um 10:00 Uhr\nVon: \"HR Team\" <hr@example.com>\nAn: \"Anna\" <anna@example.com>\nBetreff: Abrechnung\n\nAlte Worte.", "Immer noch falsch.", True),
    ("web.de mobile", "Immer noch falsch.\n-- \nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.\nAm 03.03.25, 10:00 schrieb HR Team <hr@example.com>:\n> Alte Worte.", "Immer noch falsch.", True),
    ("t-online", "Immer noch falsch.\n\n-----Original-Nachricht-----\nBetreff: Abrechnung\nDatum: 2025-03-03T10:00:00+0100\nVon: \"HR Team\" <hr@example.com>\nAn: \"Anna\" <anna@example.com>\n\nAlte Worte.", "Immer noch falsch.", True),
    ("orange fr", "Toujours faux.\n\n\n> Message du 03/03/25 10:00\n> De : \"HR Team\" <hr@example.com>\n> A : \"Anna\" <anna@example.com>\n> Copie à :\n> Objet : Fiche\n>\n> Vieux mots.", "Toujours faux.", True),
    ("laposte", "Toujours faux.\n\nDe : \"HR Team\" <hr@example.com>\nA : \"Anna\" <anna@example.com>\nEnvoyé: lundi 3 Mars 2025 10:00\nObjet : Fiche\n\nVieux mots.", "Toujours faux.", True),
    ("libero it", "Ancora.\n\n----Messaggio originale----\nDa: hr@example.com\nData: 3-mar-2025 10.00\nA: \"Anna\"<anna@example.com>\nOgg: Busta paga\n\nVecchie parole.", "Ancora.", True),
    ("libero new", "Ancora.\n\nIl 03/03/2025 10:00 HR Team <hr@example.com> ha scritto:\n\n \n\n \nVecchie parole.", "Ancora.", True),
    ("uol pt", "Ainda.\n\n---- Mensagem original ----\nDe: HR Team <hr@example.com>\nPara: Anna\nEnviada: 3 de Março de 2025 10:00\nAssunto: Recibo\n\nVelho.", "Ainda.", True),
    ("wp pl", "Nadal.\n\nDnia 3 marca 2025 10:00 HR Team <hr@example.com> napisał(a):\n\n> Stare.", "Nadal.", True),
    ("onet pl unmarked", "Nadal.\n\n---\nOd: \"HR Team\" <hr@example.com>\nDo: anna@example.com\nData: 3 marca 2025 10:00\nTemat: Pasek\n\nStare.", "Nadal.", True),
    ("seznam-like", "Fortfarande.\n\n---------- Ursprungligt meddelande ----------\nFrån: HR Team <hr@example.com>\nDatum: 2025-03-03 kl. 10:00\n\nGamla.", "Fortfarande.", True),
    ("emclient", "Still wrong.\n\n------ Original Message ------\nFrom \"HR Team\" <hr@example.com>\nTo \"Anna\" <anna@example.com>\nDate 03/03/2025 10:00:00\nSubject Payslip\n\n>Dear Anna,", "Still wrong.", True),
    ("thebat", "Hello HR,\n\nMonday, March 3, 2025, 10:00:00 AM, you wrote:\n\nHR> When?\n\nNow.\n\n-- \nBest regards,\n Anna                            mailto:anna@example.com\n", "Hello HR,\n\nNow.", True),
    ("thebat de", "Hallo HR,\n\nam Montag, 3. März 2025 um 10:00 schrieben Sie:\n\n> Wann?\n\nJetzt.\n\n-- \nAnna\n", "Hallo HR,\n\nJetzt.", True),
    ("Sparrow", "Still wrong.\n\n-- \nAnna\nSent with Sparrow (http://www.sparrowmailapp.com)\n\n\nOn Monday, March 3, 2025 at 10:00 AM, HR Team wrote:\n\n> Dear", "Still wrong.", True),
    ("hey", "Still wrong.\n\nOn March 3, 2025, HR Team <hr@example.com> wrote:\n> Dear", "Still wrong.", True),
    ("spark", "Still wrong.\nOn 3 Mar 2025 at 10:00 +0100, HR Team <hr@example.com>, wrote:\n> Dear", "Still wrong.", True),
    ("mailbird wrapped", "Still wrong.\n\nOn 03.03.2025 10:00:00, HR Team <hr@example.com>\nwrote:\n\nDear Anna,\nold.", "Still wrong.", True),
    ("cs date-only", "Still wrong.\n\nDne po 3. 3. 2025 10:00 uživatel HR Team <hr@example.com> napsal:\n\n> Stará.", "Still wrong.", True),
    ("line above reply marker", "Still wrong.\n\n--- Please reply above this line ---\n\nDear Anna", "Still wrong.", True),
    ("outlook mac", "Still wrong.\n\nFrom: HR Team <hr@example.com>\nDate: Monday, 3 March 2025 at 10:00\nTo: Anna Berg <anna@example.com>\nSubject: Re: Payslip\n\nDear Anna,\nold.", "Still wrong.", True),
    ("mutt star", "* HR Team <hr@example.com> [2025-03-03 10:00]:\n> When?\n\nNow.", "Now.", True),
    ("plus attribution", "+++ HR Team [03/03/25 10:00 +0100]:\n> When?\n\nNow.", "Now.", True),
    ("in message news", "HR Team <hr@example.com> wrote in message\nnews:abc@example.com...\n> When?\n\nNow.", "Now.", True),
    ("in article", "In article <abc@example.com>, HR Team <hr@example.com> wrote:\n> When?\n\nNow.", "Now.", True),
    ("sylpheed", "On Mon, 3 Mar 2025 10:00:00 +0100\nHR Team <hr@example.com> wrote:\n\n> When?\n\nNow.", "Now.", True),
    ("kmail de", "Am Montag, 3. März 2025, 10:00:00 CET schrieb HR Team:\n> Wann?\n\nJetzt.", "Jetzt.", True),
    ("roundcube de", "Am 2025-03-03 10:00, schrieb HR Team:\n\n> Wann?\n\nJetzt.", "Jetzt.", True),
    ("gnus writes", "HR Team <hr@example.com> writes:\n\n> When?\n\nNow.", "Now.", True),
    ("quoth", "Quoth HR Team on Monday, March 3:\n> When?\n\nNow.", "Now.", True),
    ("du skrev", "Du skrev den 3 mars 2025:\n> När?\n\nNu.", "Nu.", True),
    ("rt", "On Mon Mar 03 10:00:00 2025, hr@example.com wrote:\n> When?\n\nNow.", "Now.", True),
    ("rt said", "HR Team (hr@example.com) said:\n> When?\n\nNow.", "Now.", True),
    ("fr wrap", "Toujours faux.\n\nLe lun. 3 mars 2025 à 10:00, HR Team <hr@example.com> a\nécrit :\n\n> Dear Anna,\n>\n> your payslip is ready.\n>\n> HR", "Toujours faux.", True),
    ("sogo", "Still wrong.\n\nOn Monday, March 03, 2025 10:00 CET, HR Team <hr@example.com> wrote:\n \nDear Anna,\nold.", "Still wrong.", True),
    ("outlook reply no to", "Still wrong.\n\n________________________________\nFrom: HR Team\nSent: Monday, March 3, 2025 10:00:00 AM\nSubject: Payslip\n\nOld.", "Still wrong.", True),
    ("zoho de", "Immer noch.\n\n---- Am Mo, 03 März 2025 10:00:00 +0100 HR Team <hr@example.com> schrieb ----\n\nAlt.", "Immer noch.", True),
    ("zoho bars", "Still.\n\n============ Forwarded message ============\nFrom: HR Team <hr@example.com>\nTo: <anna@example.com>\nDate: Mon, 03 Mar 2025 10:00:00 +0100\nSubject: Payslip\n============ Forwarded message ============\n\nOld.", "Still.", True),
    ("gmail draft spacing nbsp", "Still.\n\nOn Mon, Mar 3, 2025 at 10:00\u202fAM HR Team <hr@example.com> wrote:\n\n> Old", "Still.", True),
    ("ja wrote", "まだです。\n\nOn Mon, 3 Mar 2025 10:00:00 +0900\n人事部 <hr@example.com> wrote:\n\n> いつですか？", "まだです。", True),
    ("ja thunderbird", "まだです。\n\nOn 2025/03/03 10:00, 人事部 wrote:\n> いつですか？", "まだです。", True),
    ("ja san", "まだです。\n\n2025年3月3日(月) 10:00 人事部 さんは書きました:\n> いつですか？", "まだです。", True),
    ("zh apple", "还是不对。\n\n> 在 2025年3月3日，10:00，HR Team <hr@example.com> 写道：\n> \n> 旧", "还是不对。", True),
    ("tw outlook", "還是不對。\n\n________________________________\n寄件者: HR Team <hr@example.com>\n寄件日期: 2025年3月3日 上午 10:00\n收件者: Anna <anna@example.com>\n主旨: 薪資\n\n舊", "還是不對。", True),
    ("dashes above outlook short", "Still.\n\n-------\nFrom: HR Team <hr@example.com>\nTo: Anna\nSubject: x\n\nOld", "Still.", True),
    ("de disclaimer kept real", "Immer noch.\n\nAnna\n\nDiese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail irrtümlich erhalten haben, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail.", "Immer noch.\n\nAnna", True),
    ("en disclaimer notify me", "Still.\n\nThis email and any files transmitted with it are confidential and intended solely for the use of the individual or entity to whom they are addressed. If you have received this email in error please notify me and delete it.", "Still.", True),
    ("forward note plus remark below", "Please look at this:\n\n-------- Forwarded Message --------\nSubject: X\nDate: Mon, 3 Mar 2025 10:00:00 +0100\nFrom: P <p@example.com>\nTo: Anna <anna@example.com>\n\nYou are fired.", "Please look at this:", False),
    ("card with contact real", "Please help.\n\nKind regards\nAnna Berg | Senior Clerk\nExample Ltd | New Street 5 | London\nT: +44 20 1234567 | anna@example.com", "Please help.\n\nKind regards\nAnna Berg | Senior Clerk", False),
    ("sig with quote", "Please help.\n\n-- \nAnna Berg\n\"Be the change you wish to see.\"", "Please help.", False),
    ("sig with long legal", "Please help.\n\n-- \nAnna Berg\nExample GmbH, Registered in Berlin HRB 1234, Managing director: Peter Example, this e-mail may contain confidential information, if you are not the intended recipient please notify the sender and delete it.", "Please help.", False),
    ("outlook inline red", "See my answers in red below.\n\nFrom: HR <hr@example.com>\nSent: Monday, March 3, 2025 10:00 AM\nTo: Anna <a@example.com>\nSubject: Payslip\n\nWhen? Tomorrow.\n", "See my answers in red below.\n\nWhen? Tomorrow.", True),
    ("outlook inline de", "Meine Antworten unten im Text.\n\nVon: HR <hr@example.com>\nGesendet: Montag, 3. März 2025 10:00\nAn: Anna <a@example.com>\nBetreff: x\n\nWann? Morgen.\n\nVon: Anna\nGesendet: Montag, 3. März 2025 09:00\nAn: HR <hr@example.com>\nBetreff: x\n\nAlt", "Meine Antworten unten im Text.\n\nWann? Morgen.", True),
    ("see below fwd", "Please see below.\n\nFrom: HR <hr@example.com>\nSent: Monday, March 3, 2025 10:00 AM\nTo: Anna <a@example.com>\nSubject: Payslip\n\nOld\n", "Please see below.", True),
    ("no attribution bottom post zh", "> 什么时候？\n\n明天。", "明天。", True),
    ("quote in the middle reply own colon", "On Mon, 3 Mar 2025 at 10:00, HR Team <hr@example.com> wrote:\n> What did he say?\n\nHe said, and I quote his mail:\n\"Leave.\"\n\n> When?\n\nMarch.\n\nAnna", "He said, and I quote his mail:\n\"Leave.\"\n\nMarch.\n\nAnna", True),
    ("exchange on behalf", "Still.\n\nFrom: HR Team <hr@example.com> On Behalf Of Peter\nSent: Monday, March 3, 2025 10:00 AM\nTo: Anna\nSubject: x\n\nOld", "Still.", True),
    ("fi", "Yhä väärin.\n\nma 3. maalisk. 2025 klo 10.00 HR Team (hr@example.com) kirjoitti:\n\n> Vanha", "Yhä väärin.", True),
    ("tr", "Hâlâ yanlış.\n\nHR Team <hr@example.com>, 3 Mar 2025 Pzt, 10:00 tarihinde şunu yazdı:\n\n> Eski", "Hâlâ yanlış.", True),
    ("ro", "Tot greșit.\n\nÎn lun., 3 mar. 2025 la 10:00, HR Team <hr@example.com> a scris:\n\n> Vechi", "Tot greșit.", True),
    ("ca", "Encara malament.\n\nMissatge de HR Team <hr@example.com> del dia dl., 3 de març 2025 a les 10:00:\n\n> Vell", "Encara malament.", True),
    ("pt-BR", "Ainda.\n\nEm seg., 3 de mar. de 2025, 10:00, HR Team <hr@example.com>\nescreveu:\n\n> Velho", "Ainda.", True),
    ("da gmail", "Stadig.\n\nman. den 3. mar. 2025 kl. 10.00 skrev HR Team <hr@example.com>:\n\n> Gammel", "Stadig.", True),
    ("sv outlook", "Fortfarande.\n\n________________________________\nFrån: HR Team <hr@example.com>\nSkickat: den 3 mars 2025 10:00\nTill: Anna <anna@example.com>\nÄmne: Lön\n\nGammal", "Fortfarande.", True),
    ("no outlook", "Fortsatt.\n\nFra: HR Team <hr@example.com>\nSendt: mandag 3. mars 2025 10:00\nTil: Anna <anna@example.com>\nEmne: Lønn\n\nGammel", "Fortsatt.", True),
    ("pl apple", "Nadal.\n\n> Wiadomość napisana przez HR Team <hr@example.com> w dniu 3 mar 2025, o godz. 10:00:\n> \n> Stare", "Nadal.", True),
    ("ios18 style", "Still.\n\nOn Mar 3, 2025, at 10:00, HR Team <hr@example.com> wrote:\n\n\ufeffDear Anna,\nold", "Still.", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "is_reply"), [pytest.param(*case, id=name) for name, *case in KEPT])
def test_no_word_of_the_person_is_lost(text, is_reply):
    assert find_new_text(text, is_reply=is_reply).text == text.strip()


@pytest.mark.parametrize(("text", "own", "is_reply"), [pytest.param(*case, id=name) for name, *case in CUT])
def test_what_a_client_added_goes_and_nothing_else(text, own, is_reply):
    assert find_new_text(text, is_reply=is_reply).text == own


# What people say of something that was sent; no phone or webmail writes so.
SENT = [
    "Sent by mail on Monday, no answer so far", "Sent from my phone on Monday to the whole team", "Sent from my manager",
    "Gesendet von meiner Frau", "Gesendet von meiner Frau per Post am Montag, bitte bestätigen", "Von meinem Chef gesendet",
    "Gesendet mit Outlook am Montag, bitte bestätigen", "Diese Nachricht wurde von meinem Chef an alle geschickt",
    "Envoyé par courrier recommandé le 3 mars", "Envoyé par mon chef", "Enviado por correo certificado el lunes 3 de marzo",
    "Enviado por mi mujer", "Inviato tramite raccomandata il 3 marzo", "Inviato da mio marito", "Enviado pelo meu chefe",
    "Verzonden met aangetekende post op 3 maart", "Verzonden door mijn chef", "Wysłane przez pocztę listem poleconym",
    "Skickat med rekommenderat brev den 3 mars", "Skickat av min chef", "Sendt med rekommandert post 3. mars", "Sendt fra min sjef",
    "田中さんから送信されました", "来自我的同事的投诉", "從我的主管發送", "Download Outlook for the new colleagues, please",
    "Get Outlook for our team", "Lähetetty kirjeenä",
]  # fmt: skip


@pytest.mark.parametrize("line", SENT)
def test_what_people_say_of_something_sent_stays(line):
    assert find_new_text(f"I filled in the form.\n{line}").text == f"I filled in the form.\n{line}"
    assert find_new_text(f"I filled in the form.\n\n{line}\n", is_reply=True).text.endswith(line)


PHONES = [
    "Sent from my Samsung Galaxy S21, an AT&T 5G smartphone", "Sent from my T-Mobile 4G LTE Device", "Sent from my mobile device",
    "Sent from Mail for Windows 10", "Sent from my Verizon Wireless 4G LTE DROID", "Sent from Outlook for iOS", "Sent with Spark",
    "Sent from my phone. Please excuse typos.", "Gesendet mit der GMX Mail App", "Gesendet von Mail für Windows 10",
    "Gesendet von meinem Fairphone", "Gesendet mit der WEB.DE Mail App", "Von meinem Huawei-Mobiltelefon gesendet",
    "Envoyé depuis mon mobile", "Envoyé depuis l'application Orange Mail sur iPhone", "Provenance : Courrier pour Windows 10",
    "Enviado desde mi teléfono", "Enviado desde Correo para Windows", "Enviado do Yahoo Mail para iPhone", "Inviato dal mio telefono cellulare",
    "Inviato da Libero Mail per Android", "Verzonden vanuit Mail voor Windows", "Verstuurd vanaf mijn mobiele telefoon",
    "Wysłane z mojego telefonu", "Wysłano z programu Outlook", "Skickat från min Samsung-telefon", "Skickat från E-post för Windows",
    "Sendt fra min Samsung Galaxy-smarttelefon", "Sendt fra Mail til Windows", "Xperiaから送信", "发自我的华为手机", "来自我的 vivo",
    "从我的 iPhone 发送", "Отправлено с iPhone", "Lähetetty iPhonesta",
]  # fmt: skip


@pytest.mark.parametrize("line", PHONES)
def test_what_phones_and_webmail_write_goes(line):
    assert find_new_text(f"Please help.\n\n{line}\n").text == "Please help."


# Mails of which every word is the person's, though they use the words of notices, warnings and signatures.
SAID = [
    "Good day,\n\nHinweis: Die Leitung lässt Akten vernichten und löschen. Die Weitergabe dieser Nachricht an sie wäre gefährlich.\nKopien liegen im Lager.",
    "Hello,\n\nImportant information about the lead: all were asked to delete e-mails and to destroy time sheets, copying is prohibited.",
    "Warning: this message is about an external party who sent links to staff; an external company employee bothers women.\n\nEach day.",
    "Hello,\n\nfirst the pay is wrong by 200 euros.\n\n--\nSecond: the badge no longer opens door 5.\nAnna",
    "Hello,\n\nwhen is payday?\n\nBest regards\nAnna Berg\nTel. 030 123456\nAcme GmbH\n\nThe toilet on floor 3 is broken since Monday and nobody cares about it",
]  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_words_like_those_of_notices_and_cards_stay(text):
    assert find_new_text(text).text == text


def test_what_is_said_below_a_signature_stays_and_the_signature_goes():
    text = "Hello,\n\nwhen is payday?\n\n-- \nAnna Berg\nAcme GmbH\n\nBy the way: Tom touched me again on Friday."
    assert find_new_text(text).text == "Hello,\n\nwhen is payday?\n\nBy the way: Tom touched me again on Friday."
    for said in ("He gropes me.", "It hurts a lot.", "Er lässt mich nicht gehen"):
        assert find_new_text(f"Hello.\n\n-- \nMax Mole\nExample Ltd\n\n{said}").text == f"Hello.\n\n{said}"
    quoted = 'Hello\n\n-- \nAnna Berg\n\n"The best way to predict the future is to invent it all."\n'
    assert find_new_text(quoted).text == "Hello"


@pytest.mark.parametrize("banner", [
    "CAUTION: This email originated from outside of the organization. Do not click links or\nopen attachments unless you recognize the sender.",
    "External email: do not click links.", "[EXTERNAL]", "This message came from outside your organization.",
    "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte keine Anhänge öffnen.",
    "You don't often get email from anna@x.example. Learn why this is important",
])  # fmt: skip
def test_warnings_of_mail_servers_go(banner):
    assert find_new_text(f"{banner}\n\nPlease help.").text == "Please help."


def test_what_stands_right_below_a_warning_stays():
    text = "CAUTION: This email originated from outside of the organization.\nThe shift lead hits people.\n\nAnna"
    assert find_new_text(text).text == "The shift lead hits people.\n\nAnna"
