"""What automatic mail says of failures and delays in its subject and text, in the languages of the clients we meet."""

import re

# Subjects of delivery reports. Weak alone: they count together with a machine's sender.
FAILURE_SUBJECT = re.compile(
    r"undeliver(?:able|ed)|undelivarable|mail delivery (?:failed|failure|system|error|problem)|"
    r"delivery (?:status notification|failure|failed|"
    r"has failed|error|problem|report|notification)|returned (?:mail|to sender)|failure (?:notice|delivery)|"
    r"mail (?:system error|could not be)|message status - undeliverable|message you sent (?:was )?blocked|\[bounce\]|"
    r"message (?:undeliverable|not delivered|could not be delivered)|mail failure|non[- ]?delivery|nondeliverable|"
    r"could not (?:be )?deliver|not delivered|rejected mail|bounced? (?:mail|message)|delivery incomplete|"
    r"unzustellbar|nicht zugestellt|unzustellbarkeit|fehler bei der (?:übermittlung|zustellung)|"
    r"zustellung fehlgeschlagen|"
    r"non remis|échec de (?:la )?remise|non distribu|message non délivré|echec|no se puede entregar|no entregado|"
    r"error de entrega|devuelto|mancato recapito|non recapitabile|mancata consegna|não (?:foi )?entregue|"
    r"não é possível entregar|falha na entrega|"
    r"onbestelbaar|niet bezorgd|niet afgeleverd|nie można dostarczyć|niedostarczon|zwrot|nie dostarczono|olevererbar|"
    r"kan inte levereras|ej levererat|uleverbar|kan ikke leveres|ikke leveret|ikke levert|"
    r"配信不能|配信できません|送信できません|未送达|无法投递|退信|傳遞失敗|未傳遞|無法傳遞|系统退信|"
    r"niedostarczaln|недоставлен|не доставлен|недоставка|배달되지 않음|반송|nedoručiteln|ei voi toimittaa|"
    r"teslim edilemedi|kézbesíthetetlen|nelivrabil",
    re.IGNORECASE,
)
DELAY = re.compile(
    r"delayed|delivery (?:status notification|report) ?\(delay\)|warning: (?:message|could not send|mail)|"
    r"still (?:being )?(?:trying|retried)|will (?:keep|continue) (?:trying|to try)|"
    r"this is a warning message only|you do not need to resend|delivery incomplete|temporar(?:y|ily) (?:problem|fail)|"
    r"verzögert|verspätet|retardé|différée|retrasad|demorad|ritard|consegna (?:ritardata|incompleta)|atrasad|"
    r"vertraagd|opóźni|försenad|fördröjd|"
    r"forsink|has been delayed|not yet been delivered|remains in (?:the|our) queue|retried for|遅延|延迟|延遲",
    re.IGNORECASE,
)
# Notices that all went well.
DELIVERED_SUBJECT = re.compile(
    r"\((?:relay(?:ed)?|success)\)|^\W*(?:delivered|relayed|expanded|zugestellt|übermittelt|remis|entregado|consegnato|recapitato|"
    r"entregue|bezorgd|afgeleverd|dostarczono|levererat|leveret|levert)\s?:|"
    r"success(?:ful(?:ly)?)? (?:mail )?(?:delivery|delivered|relayed)",
    re.IGNORECASE,
)
# Sentences that only a mail server writes about one failed mail.
FAILURE_PROSE = re.compile(
    r"this message was created automatically by mail delivery software|this is the mail system at host|"
    r"this is the qmail-send program|this is the mail delivery agent at|i(?:'m| am) afraid i wasn't able to deliver|"
    r"your message (?:could not be|couldn't be|was not|wasn't|cannot be|can't be|did not reach|has not been|"
    r"to .{1,200} couldn't be) ?(?:delivered|"
    r"some or all)?|"
    r"message (?:could not be|couldn't be|was not|cannot be|could not) (?:delivered|sent)|not been delivered|"
    r"did not reach the following recipient|(?:was|were) not delivered to|could not be delivered to (?:one or more|"
    r"the following)|"
    r"delivery (?:to the following recipients?|has) failed|the following (?:addresses had permanent|"
    r"recipients? (?:could not|cannot))|"
    r"(?:permanent fatal errors|delivery has failed to these recipients|unable to deliver (?:your|the|"
    r"this) (?:message|mail|e-?mail))|"
    r"address not found|user unknown|no such user|mailbox (?:unavailable|full|not found|is full|does not exist)|"
    r"recipient (?:address )?rejected|addresses had delivery (?:errors|problems)|not listed in (?:domino|public|the) |"
    r"unknown (?:user|recipient|local part)|account (?:has been )?disabled|over quota|quota exceeded|undeliverable|"
    r"unroutable|"
    r"konnte nicht zugestellt werden|konnte nicht übermittelt werden|n'a (?:pas )?pu être (?:remis|distribué|"
    r"délivré)|no (?:se )?pudo (?:ser )?entrega|"
    r"non (?:è stato possibile|può essere) (?:consegn|recapit)|não pôde ser entregue|kon niet worden (?:bezorgd|"
    r"afgeleverd)|"
    r"nie (?:może|mogła|mógł|można) (?:zostać|być)? ?dostarczon|kunde inte levereras|kunne ikke leveres|"
    r"配信(?:されませんでした|できませんでした)|届けることができません|无法(?:送达|投递|发送)|無法(?:傳遞|遞送|送達)|退回",
    re.IGNORECASE,
)
# How servers write a permanent failure in any language: a reply code with an enhanced status, as Exchange's `#550 5.1.10`.
FAILURE_CODE = re.compile(r"\b55\d[ -]#?5\.\d{1,3}\.\d{1,3}\b|#5\.\d{1,3}\.\d{1,3}\b|^[ \t]*<{3} 5\d\d", re.MULTILINE)
REJECTED_PROSE = re.compile(
    r"(?:was|been) (?:automatically )?(?:rejected|refused)|quota exceeded|mailbox (?:is )?full|"
    + FAILURE_PROSE.pattern,
    re.IGNORECASE,
)
