"""Words and phrases about danger that leave hardly any doubt: they raise the alarm alone, unless the learned score is sure of the contrary.

Two lists, both searched in a plain text from which the everyday idioms are gone (:mod:`nlu.crisis_words`). The first names suicide,
self-harm and attacks outright. The second describes danger without naming it: a weapon at the door, a box of pills swallowed, standing
on the rails, a farewell letter found. They only ever add an alarm, and only for wordings that have no other use: what needs its context
is left to the learned score. Languages: Dutch and Flemish first, then en, de, fr, pl, tr, es, pt, it, ro, ar, fa, uk, ru, bg, hu, zh, pap.
"""

from __future__ import annotations

import re

from nlu.crisis_words import plain, without_idioms

_NAMED = re.compile(
    r"""
    \b(?:
        (?!\w*\s?preventie)(?:zelf\s?moor[dt]\w* | zlefmoord\w* | zelf\s?doding\w* | su[iï]+[cs]i[dt](?!e\ssquad)\w*) | doods?wens\w*
      | doods\s?verlang\w* | levensmoe\w*
      | zelf\s?(?:beschadig|verwond|mutila)\w* | auto\s?mutila\w*
      | 113(?:\.nl)?\b(?!\s*(?:euro|km|stuks|liter|kilo|graden|%|medew\w+|mensen|dagen|uur|punten|procent)|[.,:/-]\d
      |\d)(?<![\d.,/-]113)(?<!nummer\s113)
      | wi[lt]\w*\s(?:\w+\s){0,2}(?:dood|doot)\b(?!\s(?:gewicht|hout|tij|spoor)) | dood\swi[lt]\w*\b(?!\s(?:hout|gewicht))
      | wou\sdat\s(?:ik|hij|ze)\s(?:\w+\s)?dood\b | liever\sdood\b
      | ni[et]+\s(?:meer|langer)\s(?:\w+\s){0,2}(?:te\s)?le(?:ve?n?|evn)\b
      | (?:zin|nut)\s(?:\w+\s){0,2}(?:in|van)\s(?:het\s|t\s)?leven\smeer | geen\szin\s(?:meer\s)?(?:in|om)\s(?:het\s|t\s|te\s)leven\b
      | eind(?:e)?\saan\s(?:\w+\s){0,2}(?:mijn|m'?n|zijn|z'?n|haar|d'?r|het|t|hun|me)\sleven | uit\s(?:het|t)\sleven\sstap\w*
      | (?:beroof|berov)\w*\svan\shet\sleven | van\shet\sleven\sbe\w+
      | (?:zich|zichzelf|mij|me|mezelf)\s(?:\w+\s){0,3}van\skant\sma\w* | van\skant\s(?:te\s)?maken
      | (?:zichzelf|mezelf|mijzelf|z'?n\seigen|m'?n\seigen|d'?r\seigen|haar\seigen|zijn\seigen|zijn\seige|zn\seige|
        dr\seige)\s(?:\w+\s){0,3}
        (?:iets|wat)?\s?(?:aan\s?(?:te\s)?(?:doe\w*|doen|gedaan)|aandoe\w*|ophang\w*|opha?ng\w*
        |verwond\w*|van\s(?:het\sleven|kant)|snij\w*|gesneden|krast|snijdt|doden|dood)
      | (?:zich|zichzelf|mezelf|me|mij)\s(?:\w+\s){0,4}(?:verhang\w*|verdrink\w*|voor\sde(?:n)?\strein\w*)
      | opgehangen\sin\sde\s(?:schuur|loods|kleedkamer|stal) | heeft\s(?:zich|zichzelf)\s(?:\w+\s){0,2}(?:opgehangen|van\shet\sleven)
      | (?:polsen|pols|aders)\s(?:door|open)(?:ge)?(?:sn\w+)? | (?:door|open)(?:ge)?s[nj]\w+\s(?:polsen|aders)
      | voor\s(?:de|den|een|n)\s(?:\w+\s)?(?:trein|metro|tram)\s(?:te\s)?(?:spring\w*|gooi\w*|gesprongen|gaan?\b|stap\w*|werp\w*|gesmeten)
      | spri?ng\w*\s(?:\w+\s){0,2}voor\s(?:de|den|een|n)\s(?:trein|metro|tram)
      | overdosis\b(?!\s(?:aan\s)?(?:werk|koffie|info\w*|suiker|prikkels|zon|mail\w*|vergader\w*|regels|gezellig\w*|cafe\w*))
      | bom\s?melding\w* | bom\s?brief\w* | brand\s?bom\w* | schietpartij\w* | steekpartij\w* | gijzel(?:t|ing|nemer)\w*\b(?!\sdoor\ssoft)
      | gegijzeld | hand\s?granaat\w* | molotov\w* | active\sshooter | doods\s?bedreiging\w*
      | met\sde\sdood\s(?:be)?dreig\w* | bedreigd?\s(?:\w+\s)?met\s(?:de\sdood|een\s(?:mes|pistool|wapen|bijl|vuurwapen|geweer|hamer))
      | kill(?:ing)?\s(?:myself|himself|herself|themsel\w+) | (?:end|ending|take|taking)\s(?:my|his|her|their)\s(?:own\s)?life
      | (?:want|wants)\sto\sdie | wanna\sdie | bomb\sthreat | self-?\s?harm\w* | overdosed | overdose\b
      | selbstmord\w* | suizid\w* | (?:mich|sich|uns|mich\sselbst)\sum(?:zu)?bringen | bring\w*\s(?:\w+\s)?(?:mich|sich|uns)\sum\b
      | will\s(?:\w+\s){0,2}sterben | nicht\smehr\sleben | erhängt | überdosis
      | me\ssuicider | se\ssuicid\w+ | me\stuer | se\stuer\b | veux\smourir | envie\sde\smourir | plus\svivre | se\spendre
      | alerte\sà\sla\sbombe
      | samob[oó]j\w* | (?:si[eę]\s(?:zabi[cćj]|powiesi)\w*) | (?:zabij[eę]|powiesił[ao]?)\ssi[eę] | chc[eę]\s(?:już\s)?umrze[cć]
      | nie\sch\w+\s(?:już\s)?żyć
      | intihar\w* | kend(?:ini|imi)\s(?:[oö]ld[uü]r|as[aı])\w* | ölmek\sist\w* | yaşamak\sistem\w*
      | suicidar\w* | suicidi\w* | quitar(?:me|se)\sla\svida | matar(?:me|se) | quier\w+\smorir\w* | no\squier\w+\svivir | quer\w+\smorrer
      | não\squer\w+\s(?:mais\s)?viver
      | uccider(?:mi|si) | togliermi\sla\svita | vogli\w+\smorire | non\svogli\w+\spiù\svivere
      | sinuci\w* | (?:vreau|vrea)\ssă\s(?:mor|moară|se\somoare|mă\somor)\b | nu\smai\sv\w+\ssă\străi\w*
      | самогуб\w* | самоуб\w* | покончи\w*\sс\sсобой | покінчи\w*\sз\s(?:собою|життям)
      | (?:хочу|хоче|хочет)\s(?:умереть|померти|повеситься) | не\sхо\w+\s(?:больше\s|більше\s)?жит[иь]
      | (?:больше|більше)\sне\sхо\w+\sжит[иь]
      | повес\w*ся | повіс\w*ся | самоубия\w* | искам\sда\sумра | öngyilk\w* | meg\sakar\w*\shalni | biba\smas | kier\smuri
    )
    | انتحار | أقتل\sنفسي | ينتحر | قتل\sنفس | سيقتل\sنفس | أن\sأموت | لا\s[أا]ريد\sأن\s[أا]عيش | 自杀 | 不想活 | 想死 | خودکشی
      | خودش\sرا\sمی‌کشد | می‌?خواهم\sبمیرم
    """,
    re.VERBOSE,
)

_DESCRIBED = re.compile(
    r"""
    \b(?:
        (?:ni[et]+|nooit)\smeer\s(?:\w+\s){0,2}wakker\b(?!\s(?:van|voor))
      | (?:ik|hij|ie|ze|zij)\s(?:\w+\s){0,3}(?:er|der|dr)\s(?:\w+\s){0,2}ni[et]+\smeer\s(?:wi[lt]\w*\s(?:zijn|wezen)|
        te\s(?:wil\w+\s)?zijn|zou\w*\szijn|zijn)\b
      | (?:was|wou|wil|wilt|liefst)\s(?:\w+\s){0,3}(?:er|der|dr)\s(?:\w+\s){0,2}ni[et]+\smeer\b(?!\s(?:aan|over|mee|bij|van|voor|naar|
        uit|op|in|tegen|werken|komen|heen|gaan|onder|doorheen))
      | ik\s(?:\w+\s){0,3}(?:er|der|dr)\sni[et]+\smeer\s(?:ben|was)\b
      | beter\s(?:af|zonder)\s(?:\w+\s){0,2}(?:zonder\s)?(?:mij|me|hem|haar)\b(?!\s(?:baan|functie|werk))
      | (?:vuurwapen|revolver|kalasj\w+|jachtgeweer|machinegeweer|handgranaat|granaat|explosief|explosieven|bivakmuts\w*|hakbijl|
        boksbeugel|stiletto|ploertendoder)\b
      | (?:pistool|geweer|wapen|wapens|mes|messen|bijl|machete|kapmes|hamer|knuppel|honkbalknuppel|schroevendraaier|breekijzer|riek|zwaard|
        keukenmes|vleesmes|stanleymes|scheermes|glasscherf)\s(?:\w+\s){0,3}
        (?:bij\s(?:zich|hem|de\s(?:poort|ingang|deur|balie|receptie))|in\s(?:z'?n|zijn|haar|d'?r)\s(?:tas|rugzak|jas|kluisje|locker|
        broekzak|laars|auto|kastje|binnenzak)|op\szak|getrokken|op\s(?:ons|mij|me|hem|haar)\s(?:af|gericht)|tegen\s(?:\w+\s)?(?:keel|
        pols|hoofd|hals|nek)|op\s(?:\w+\s)?(?:keel|hoofd))
      | (?:zwaai\w*|dreig\w*|bedreig\w*|steekt|stak|afkomen|afgegaan|aangevallen|viel\saan|rondloop\w*|loopt\srond|
        staat\s(?:\w+\s){0,3}(?:poort|deur|ingang|balie))\s(?:\w+\s){0,4}(?:met|mee)\s(?:\w+\s){0,2}
        (?:mes|messen|bijl|pistool|geweer|wapen|machete|hamer|knuppel|honkbalknuppel|schroevendraaier|breekijzer|schaar|stuk\sglas|
        glasscherf|kapotte\sfles|fles|staaf|buis|moersleutel|benzine|zuur)\b
      | (?:trekt|trok|trok\snet)\s(?:\w+\s){0,2}(?:mes|pistool|wapen)\b
      | (?:man|vent|gast|kerel|iemand|klant|jongen|vrouw|persoon|gek|type|ex|collega)\s(?:\w+\s){0,3}met\s(?:een|n|nen|
        een\sgroot)\s(?:\w+\s)?(?:mes|bijl|hakbijl|pistool|geweer|wapen|vuurwapen|machete|knuppel|honkbalknuppel)\b
      | (?:dronk|drinkt|drinken|gedronken|drink)\s(?:\w+\s){0,3}(?:bleek\w*|chloor|antivries|ontstopper|thinner|spiritus|
        schoonmaakmiddel|gif|afwasmiddel|ammoniak|terpentine)\b
      | (?:bleek\w*|chloor|antivries|ontstopper|thinner|spiritus|schoonmaakmiddel\w*|gif|rattengif|vergif|bestrijdingsmiddel|
        ammoniak)\s(?:\w+\s){0,2}(?:gedronken|opgedronken|ingenomen|geslikt)
      | (?:alle|al|hele|heel|doos|doosje|strip|strips|strippen|pot|potje|handvol|hand\svol|te\sveel|teveel|veel|lading|twintig|dertig|
        \d\d)\s(?:\w+\s){0,4}(?:pil(?:len)?|tablet\w*|medicijnen|medicatie|slaap\w+|paracetamol\w*|oxazepam\w*|temazepam\w*|
        kalmerings\w+|antidepressiva|insuline)\s
        (?:\w+\s){0,4}(?:op|genomen|ingenomen|geslikt|doorgeslikt|leeg|achterover|binnen|gedronken|ingespoten)\b
      | (?:slikt?e?n?|geslikt|ingenomen|doorgeslikt|neemt|genomen)\s(?:\w+\s){0,3}(?:hele|heel|alle|al)\s(?:\w+\s){0,3}(?:strip|doos|
        doosje|pot|potje|pillen|tabletten|medicijnen|pillendoos)
      | (?:allemaal|alles|te\sveel|teveel)\s(?:ineens\s|tegelijk\s)?(?:door|in)(?:geslikt|genomen)
      | pijn\sop\s(?:de|z'?n|zijn|haar|d'?r|mijn|m'?n)\sborst | hartstilstand
      | bewusteloos | buiten\s(?:bewustzijn|westen) | (?:niet|nie|bijna\sniet|amper|nauwelijks)\s(?:meer\s)?aanspreekbaar |
        ademt\s(?:bijna\s)?niet | niet\s(?:meer\s)?wakker\s(?:te\s)?(?:krij|word|maken)\w* | geen\shartslag
      | (?<!omzet\s)(?<!verkoop\s)spri?ng\w*\s(?:\w+\s){0,3}(?:van|vanaf)\s(?:de|het|een|t|n|den|die|ons|onze)\s(?:\w+\s)?(?:dak|brug|
        viaduct|flat|balkon|toren|parkeergarage|silo|galerij|gebouw|kraan)\b(?!\sbij\swijze)
      | (?:van|vanaf)\s(?:de|het|een|t|n|den|die|ons|onze)\s(?:\w+\s)?(?:dak|brug|viaduct|flat|balkon|toren|parkeergarage|silo|galerij|
        gebouw|kraan|loopbrug|steiger)\s(?:\w+\s){0,2}(?:(?:te|wil\w*|gaat?|zal)\s)?(?:spri?ng\w*|gesprongen|stap(?:t|pen))\b
      | uit\shet\s(?:raam|open\sraam)\s(?:te\s|wil\s|gaat\s|wilde\s)?(?:spri?ng\w*|gesprongen)
      | (?:op|over)\s(?:de|het)\s(?:\w+\s){0,2}(?:reling|rand|randje|richel|dakrand)\b(?!\sna) | (?:staat|zit|klimt|
        klom)\s(?:\w+\s){0,3}op\s(?:het|ons|de)\s(?:\w+\s)?(?:dak|viaduct|brug|silo|balkonrand)\s(?:\w+\s){0,8}(?:spri?ng\w*|
        naar\sbeneden|huil\w*|roept|schreeuwt|valt)
      | (?:sta|staat|zit|loopt|loop|lig|ligt|liep|stond|lag)\s
        (?:(?!sinds|na|door|wegens|vanwege)\w+\s){0,4}(?:op|langs|bij|naast|tussen)\s(?:het|t|de|den)\s(?:spoor|
        rails|spoorbaan|treinspoor|wissels)\b(?!\s(?:vast|van|gekomen|gezet|dat|naar|bijster|werk\w*))
      | (?:heeft|hebben|laat|liet|vond\w*|ligt|lag)\s(?:\w+\s){0,5}afscheids(?:brief\w*|brieven|bericht\w*|briefje\w*|mail|filmpje|
        app\w*|gedicht)\b(?!\svoor\s(?:een|de|onze|mijn)\s(?:collega|pensi)) | afscheids(?:brief\w*|brieven|bericht|
        briefje)\s(?:\w+\s){0,2}(?:gevonden|geschreven|achtergelaten|gestuurd|gekregen|ontvangen|op|van\szelf)
      | neer\s?(?:te\s|ge)?(?:st[eo]\w+|schie\w+|schoten|knal\w+)(?<!neerstellen)\b | (?:me|mij|haar|hem|ons|je|jou|iedereen|mensen|
        collega\w*|vrouw|man|moeder|vader|baas|chef|u|ze|hen|m|zichzelf|kinderen|kind|dochter|zoon)\s(?:\w+\s)?dood\s?(?:te\s|
        ge)?(?:st[eo]ken|steekt|schiet\w*|schoten|slaan|slaat|slagen|maak\w*|maken)\b | lek\s(?:te\s)?(?:steekt?|steken) |
        overhoop\s(?:te\s|ga\w*\s|wil\w*\s|zal\s|ging\s|komt\s)?(?:schie\w*|knal\w*|kom\w*|steken)
      | neer\s(?:ga\w*\s|wil\w*\s|zal\s|ging\s|komt\s)(?:schie\w*|knal\w*|steken)
      | dood\s?maken\s(?:mij|mezelf|mijzelf|zich|zichzelf|haarzelf|hemzelf)\b | zich(?:zelf)?\s(?:\w+\s){0,3}verdoe\w*
      | (?:als|wanneer|tegen\sdat|tegen\sda)\s(?:je|jullie|u|ge|gij)\s(?:dit|da|dat)\s(?:\w+\s){0,2}(?:leest|lezen|hoort|horen|vindt|vinden|ziet)\b
        \W*(?:\w+\W+){0,4}(?:er\s(?:\w+\s)?ni[et]+\smeer|dood\b)
      | (?:dreigt|dreigde|dreigen|dreig|gedreigd)\s(?!door\s|stuk)(?:\w+\s){0,8}(?:vermo\w+|doden|dood\b|aan\s(?:te\s)?doen|aandoe\w*|
        steken|schieten|wurgen|springen|op\ste\sblazen|in\sbrand|brand|verwonden|snijden|(?:hem|haar|me|mij|elkaar)\s(?:te\s)?slaan|
        afmaken|af\ste\smaken|pillen|iets\saan)
      | (?:word|wordt|werd|ben|worden|is)\s(?:\w+\s){0,5}bedreigd\b(?!\sdoor\s(?:kritiek|feedback|verand\w+|nieuw\w*|ai)) |
        bedreigt\s(?:me|mij|ons|onze|haar|hem|mn|m'?n|mijn|een|de|z'?n)\b
      | (?:man|vriend|vader|ex|baas|broer|broers|stiefvader|partner|vent|oom|zoon)\s(?:\w+\s)?(?:slaat|sloeg|mishandel\w+|wurg\w*|klopt|
        slaan|slaagt)\s(?:\w+\s)?(?:me|mij|haar|hem|z'?n\svrouw|zijn\svrouw)\b
      | stalker\w* | gestalkt | verkracht\w* | aangerand\w* | eerwraak | loverboy\w* | wurgspo\w+
      | (?:snijdt?|snijden|snij|krast?|krassen|bonkt|brandt|verminkt|verwond\w*|prikt|beschadigt)\s(?:\w+\s){0,2}(?:zichzelf|mezelf|
        mijzelf|z'?n\seigen|zijn\seigen|d'?r\seigen|haar\seigen)\b(?!\s(?:in|op|tekort|weg))
      | (?:zichzelf|mezelf|mijzelf)\s(?:\w+\s){0,3}(?:iets|wat)\s(?:\w+\s){0,3}aan(?:doe\w*|do\w*|ge\w+)?\b | (?:doe|doet|
        deed)\s(?:zich|zichzelf|mezelf|me)\s(?:\w+\s)?(?:iets|wat)\saan\b | (?:doe|doet)\s(?:mezelf|zichzelf)\s(?:nog\s)?(?:iets|wat)\b
      | (?:verse|nieuwe|open)\s(?:\w+\s)?(?:snij|sne)\w+\s(?:\w+\s){0,3}(?:arm|pols|been|dij|buik)\w* | (?:snijwonden|sneden|krassen|
        sneeën|brandplekken)\s(?:\w+\s){0,3}(?:arm|onderarm|pols|been|benen|dij|bovenbeen)\w*
      | (?<!ooit\s)(?<!ooit\seen\s)poging\s(?:gedaan|ondernomen)\b(?!\som) | (?:tweede|derde|mislukte|eerdere)\spoging\b(?!\s(?:om|tot|bij|met|van))
      | (?:knoop|knoopt)\s(?:me|mij|zich|mezelf|m)\s(?:\w+\s){0,3}op\b | (?:hang|hangt)\s(?:me|mij|mezelf|zich|
        zichzelf)\s(?:\w+\s){0,3}op\b | (?:me|mij|zich|mezelf)\s(?:\w+\s){0,2}op\s?(?:te\s)?(?:hang|knop)\w*\b |
        praat\w*\s(?:\w+\s){0,3}over\sophangen
      | strop\s(?:gemaakt|om|in|aan|geknoopt|klaar) | touw\s(?:\w+\s){0,4}(?:gekocht(?!\svoor\s(?:de|het|een|onze|mijn|in)\b)|
        om\s(?:z'?n|zijn|haar|d'?r|de)\s(?:nek|hals)|balk|
        opgehangen|klaar\w*)
      | (?:in\s(?:de\s)?(?:brand|fik|hens)\s(?:te\s)?(?:steek|steken|stak|zet|zetten)\w*|(?:steekt?|
        zet)\s(?:\w+\s){0,4}in\s(?:de\s)?(?:brand|fik|hens)|plat\s?(?:te\s)?branden|op\ste\sblazen|brand\s?gesticht|
        benzine\s(?:\w+\s){0,3}(?:aansteker|over\s(?:zich|hem|haar)))\b
      | (?:tegen|op)\s(?:een|die|de|n|den|nen)\s(?:\w+\s)?(?:boom|pijler|vrachtwagen|muur|tegenligger)\s(?:\w+\s){0,2}(?:te\s|wil\w*\s|
        gaat\s|ga\s)(?:rijden|rij|knallen|rammen) | (?:stuur|het\sstuur)\s(?:\w+\s)?(?:om\s?(?:te\s)?go+i\w*|omgo+i\w*) | te\spletter
      | (?:rijdt?|reed|rijden)\s(?:\w+\s){0,3}(?:expres|opzettelijk|met\sopzet)\s(?:\w+\s){0,3}(?:op|tegen)\b | (?:expres|opzettelijk|
        met\sopzet)\s(?:\w+\s){0,3}(?:op|tegen)\s(?:\w+\s){0,2}(?:boom|mensen|collega\w*|vrachtwagen|muur|mij|me|ons|in)\b
      | bloedbad | iedereen\s(?:(?!is\b|was\b)\w+\s)?(?:kapot|neer|dood|lek|overhoop)\s?(?:te\s)?(?:ste\w+|schiet\w*|maken|slaan|maak\w*|komen)? |
        kogel\s(?:door|in|voor)\s(?:z'?n|zijn|haar|m'?n|mijn|me|de)\s(?:kop|hoofd|raam|brievenbus) | door\s(?:z'?n|m'?n|mijn|zijn|haar|
        de)\s(?:kop|hoofd)\s(?:schiet\w*|te\sschieten|jag\w*|jaagt)
      | uitlaat\w*\s(?:\w+\s){0,5}slang | slang\s(?:\w+\s){0,4}uitlaat
      | (?:stem|stemmen)\s(?:\w+\s){0,4}(?:opdrag\w*|bevel\w*|zeggen|zegt|moet|moeten)\s(?:\w+\s){0,8}(?:dood\w*|steken|spring\w*|
        vermo\w*|slaan|pijn|snij\w*|water|doden|trein)
      | hulp\s(?:\w+\s){0,3}suï | crisisdienst\s(?:bellen|nummer|nu) | nummer\s(?:\w+\s){0,3}crisisdienst | zelfmoordlijn | 1813\b
      # en
      | (?:has|with|got|carrying|pulled|holding|waving)\s(?:a|an|his|her|the)\s(?:\w+\s)?(?:gun|weapon|machete|axe|pistol|rifle|
        bomb)\b | (?:threaten\w*|coming|outside|waving|pulled|attack\w*|standing|there(?:'s|\sis))\s(?:\w+\s){0,6}knife |
        knife\s(?:\w+\s){0,4}(?:threaten\w*|attack\w*|outside|throat)
      | threaten\w*\s(?:\w+\s){0,3}(?:to\s(?:kill|shoot|stab|burn|hurt|bomb|jump)|with\sa) | (?:he|she|they|husband|ex|boyfriend)(?:'ll|
        \swill|\ssays|\ssaid|\swants|\sis)\s(?:\w+\s){0,4}kill\sme | (?:kill|shoot|stab)\s(?:us|you|him|her|someone|everyone|everybody|
        people|his\s\w+|her\s\w+|my\s\w+)\b(?!\s(?:an|a)\b) | (?:cut|cuts|cutting|hurt|hurts|hurting|harm|harming)\s(?:him|her|my|
        them)sel\w+
      | (?:roof|bridge|balcony|ledge|window)\s(?:\w+\s){0,5}jump\w*
      | jump\s(?:off|from|in\sfront) | goodbye\s(?:note|letter) | (?:all|too\smany|handful\sof|bottle\sof|
        whole\s\w+\sof)\s(?:\w+\s){0,2}(?:pills|tablets|medication|meds|tabletten) | (?:isn'?t|not|won'?t)\s(?:breathing|waking\sup|
        wake\sup) | unconscious | (?:beats|hits|hit)\s(?:me|her|him)\b | better\soff\swithout\s(?:me|him|her)
      # de
      | (?:mit|hat|zieht|einem|ein)\s(?:\w+\s){0,2}(?:pistole|waffe|gewehr|axt)\b | droht\w*\s(?:\w+\s){0,5}(?:messer|umzubringen|töten|
        waffe|springen|bombe|anzuzünden|zug) | messer\s(?:\w+\s){0,4}(?:droht\w*|vor\sder|bedroht\w*|angegriffen) | ritzt\ssich |
        abschiedsbrief | vom\s(?:dach|balkon)\s(?:\w+\s)?spring\w* | (?:springt?|springen)\s(?:\w+\s)?vo[mn]\s(?:der\s)?(?:dach|brücke|
        balkon) | schlägt\s(?:sie|mich|ihn)\b | alle\s(?:\w+\s)?tabletten
      # fr
      | (?:avec|a|sort|tient)\s(?:un|une)\s(?:couteau|arme|fusil|pistolet|hache|machette)\b | menac\w*\s(?:\w+\s){0,4}(?:tuer|mort|
        couteau|suicid\w+|arme) | va\ssauter\b | lettre\sd'adieu | s'ouvr\w+\sles\sveines | (?:avalé|pris)\s(?:\w+\s){0,3}(?:tous|
        toute?|boîte|plaquette)\s(?:\w+\s){0,4}(?:médicaments|cachets|comprimés) | se\s(?:coupe|scarifie)\b | (?:la|le|me)\s(?:bat|
        frappe)\b
      # pl
      | (?:z|ma|wyciągnął)\s(?:nożem|nóż|broń|pistolet\w*|siekier\w*) | grozi\w*\s(?:\w+\s){0,4}(?:zabi\w+|nożem|śmierci\w*|bronią|
        bomb\w*|podpal\w*) | pozabija\w* | skoczyć\sz | tnie\ssię | list\spożegnalny | (?:wszystkie|
        opakowanie)\s(?:\w+\s){0,2}tablet\w* | bije\s(?:mnie|ją|go)
      # tr
      | bıçak(?:la|lı|ladı|ı\svar)\w*(?:\s\w+){0,5} | silah\w* | bileklerini | veda\s(?:mektubu|mesajı) | öldür\w+ |
        hap(?:lar)?ı?\s(?:\w+\s)?(?:içti|aldı|yuttu) | çatı\w*\s(?:\w+\s)?atla\w* | köprü\w*\s(?:\w+\s)?atla\w*
      # es pt it ro
      | (?:con|tiene|sacó|un|una|tem|com|uma|ha)\s(?:un\s|una\s|uma\s)?(?:cuchillo|pistola|navaja|faca|coltello|escopeta|machete)\b |
        (?:amenaz\w+|ameaç\w+|minacci\w+)\s(?:\w+\s){0,4}(?:matar\w*|muerte|cuchillo|pistola|morte|faca|uccid\w+|coltello|ammazz\w*) |
        me\sva\sa\smatar | (?:se\scorta|se\stira\w*|tirar(?:se)?\sa[lo]?|saltar|buttar\w*|atirar)\s(?:\w+\s){0,3}(?:brazos|venas|tren|
        puente|tejado|techo|tetto|ponte|treno|binari|braccia)
      | (?:todas|todos|tutte|toate|multe|troppe|muchas|demasiadas)\s(?:\w+\s){0,2}(?:pastill\w*|pillole|comprimidos|pastile\w*) |
        cuțit\w* | să\s(?:se|mă|o|te|îl|ne)\somoar\w* | mă\somoară | bilet\sde\sadio | carta\sde\sdespedida | lettera\sd'addio
      # ru uk bg
      | с\s(?:ножом|пистолетом|оружием|топором) | (?:з|із)\s(?:ножем|пістолетом|зброєю) | (?:угрож|погрож|
        грози)\w*\s(?:\w+\s){0,4}(?:уби\w+|вби\w+|ножом|ножем|пистолет\w*|пістолет\w*|зброєю|взорв\w+|підпал\w+|смерт\w+|всіх|всех) |
        (?:порезал|порізал|ріже|режет)\w*\s(?:\w+\s){0,2}(?:вены|вени|себя|себе|руки) | прощальн\w+\s(?:письм|записк|лист|повідомл)\w* |
        (?:все|всі|много|багато)\s(?:\w+\s)?табле\w+ | (?:прыг|стриб)\w+\sс?з?\s?(?:крыши|моста|мосту|даху) | хочет\sпрыгнуть | (?:бьёт|
        бьет|б'є)\s(?:меня|мене|её|ее|її)
      | заплашва\w*(?:\s\w+){0,3}\s(?:пистолет|нож|убие)\w* | késsel | fegyver\w*
    )
    | سكين | مسدس | سلاح | يهددن?ي?\sبالقتل | سيقتلني | بالقتل | حبوب\sكثيرة | الكثير\sمن\sالحبوب | رسالة\sوداع | القفز | سيقفز |
        يضربني | يضربها | چاقو | اسلحه | 跳楼 | 拿着刀 | 杀了
    """,
    re.VERBOSE,
)


# a story that is read or watched, a course, a drill, an illness, a tree across the rails: the same words, and nobody in danger here; the
# learned score decides
_ELSEWHERE = re.compile(
    r"\b(?:protocol\w*|handboek|nieuwsbrief|personeelsblad|scriptie|beleids\w*|"
    r"printer|laserprinter|server|laptop)\b|"
    r"\b(?:films?|series?|netflix|podcasts?|documentaires?|thrillers?|boek|roman|game|toneel\w*|theater\w*|musical|lezing|webinar|workshop|cursus\w*"
    r"|trainingen|training (?:over|suïcide\w*|suicide\w*|agressie\w*)|oefening|boom op het spoor|tak op het spoor)\b|\b(?:gestorven|overleden) aan\b"
)
# what was long ago, likewise
_LONG_AGO = re.compile(
    r"\bja(?:ar|ren) (?:geleden|terug)\b|\bvroeger\b|\b(?:in|uit) (?:19|20)\d\d\b|\bals (?:tiener|kind|student\w*|puber|scholier\w*)\b|"
    r"\bin (?:zijn|haar|z'n|d'r) (?:jeugd|tienerjaren|pubertijd|studie\w*|schooltijd)\b|\b(?:volkomen|volledig|helemaal) (?:gezond|hersteld)\b"
)
# unless it is here again
_BACK = re.compile(r"\b(?:deze (?:week|keer)|vandaag|gister\w*|vannacht|vanmorgen|vanochtend|vanmiddag|vanavond|opnieuw|nu weer)\b")


def _plainly(text: str) -> str:
    message = without_idioms(plain(text))
    past = _LONG_AGO.search(message) and not _BACK.search(message)
    return "" if past or _ELSEWHERE.search(message) else message


def names_danger(text: str) -> bool:
    """Whether a word or phrase names suicide, self-harm or an attack outright."""
    return _NAMED.search(_plainly(text)) is not None


def describes_danger(text: str) -> bool:
    """Whether a phrase describes danger that has no harmless reading."""
    return _DESCRIBED.search(_plainly(text)) is not None


def _told(message: str) -> bool:
    return _NAMED.search(message) is not None or _DESCRIBED.search(message) is not None


def is_certain(text: str) -> bool:
    """Whether the message holds a word or phrase that leaves hardly any doubt about danger."""
    return _told(_plainly(text))


def only_borrows(text: str) -> bool:
    """Whether words of danger stand in the message only as part of an everyday phrase ("dit is zelfmoord voor mijn bedrijf")."""
    return _told(plain(text)) and not is_certain(text)
