"""What a message about danger talks about: a lexicon of concepts, so that wordings nobody wrote down before still share a feature.

Each concept is one regular expression over a lower-case text (digits kept: 112 and 113 are words here). Everyday phrases that borrow the
words of danger ("schiet mij maar lek", "doodmoe", "dreigt met ontslag") are taken out of the text first, so that they light no concept;
that one was there is itself a concept. Most concepts are Dutch (Dutch and Flemish, with the usual typing errors); those that matter most
are also in the languages that people at work in the Netherlands write.
"""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "…": " ", "\u00a0": " "})
_REPEATED = re.compile(r"(\w)\1{2,}")


def plain(text: str) -> str:
    """Lower case, one kind of quote, single spaces; digits stay."""
    text = unicodedata.normalize("NFKC", text[:2000]).translate(_QUOTES).lower()
    return " ".join(_REPEATED.sub(r"\1\1", text).split())


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(parts) + ")")


_SELF = (
    r"(?:zichzelf|zich|mezelf|mijzelf|mijn eigen|m'?n eigen|me eigen|z'?n eigen|d'?r eigen|haar eigen|zijn eigen|jezelf|hunzelf|hemzelf|"
    r"haarzelf)"
)

_IDIOMS = _pattern(
    r"dood(?:moe|op|ziek|simpel|eenvoudig|gewoon\w*|normaal|leuk|eng|saai\w*|stil\w*|zonde|nerveus|zenuwachtig|benauwd|sbang|sbenauwd|"
    r"lopend\w*|geboren\w*|vonnis)\b",
    r"doods?bang\w*(?! (?:voor|dat) (?:hem|haar man|zijn vader|hij|ze))",
    r"dood ?(?:te )?ge?gooid|dood ?geverfd|dood ?gewoon|dode ?hoek\w*|dodenherdenking|doodstil|doodstraf|halszaak",
    r"(?:schaam|schaamt|schamen|schaamde|schrik|schrikt|schrok|erger|ergert|ergeren|ergerde|verveel|verveelt|vervelen|lach|lacht|"
    r"lachen|werk|werkt"
    r"|werken|wacht|wachten|bel|bellen|zoek|zoeken|betaal|betaalt)(?: (?:me|mij|zich|je|ons|we|ik|hij|ze|er|hier))* (?:echt )?dood\b",
    r"dood ?(?:te )?(?:schamen|schaam\w*|schrik\w*|schrok|ergeren|lachen|werken)|om (?:je|me|jezelf) dood te",
    r"(?:is|was|ze|hij|ben|bent|zijn|altijd|ook) als de dood|als de dood (?:voor|dat|om)",
    r"dood (?:gevonden|spoor)|ten dode opgeschreven|op sterven na dood|de dood in de pot|dood (?:paard|punt)|(?:dit|het|gesprek|"
    r"praatje|dat) slaat (?:\w+ )?dood\b|(?:dit|het|weg|gesprek|traject|contract) (?:loopt|liep) (?:\w+ ){0,2}dood\b",
    r"(?:accu|batterij|telefoon|laptop|printer|computer|scherm|plant\w*|vissen|bus|mobiel|gsm|pc|scanner|koffieapparaat|"
    r"pinapparaat) (?:\w+ ){0,3}dood(?:gaat)?\b",
    r"(?:al )?sla je (?:me|mij) (?:maar )?dood\b|al sla(?:at)? (?:\w+ )?(?:me|mij) dood|liever (?:dood ?)?val(?:t|len)? (?:ik |ie |"
    r"hij )?dood|nog liever dood|over mijn lijk|over m'?n lijk",
    r"sterf(?:t)? (?:\w+ )?(?:duizend doden|van de (?:zenuwen|kou|honger|stress|spanning))|sterven van de zenuwen",
    r"schiet (?:mij|me) maar (?:lek|af)|schiet(?:en)? (?:\w+ )?(?:op\b(?! (?:ons|me|mij|hem|haar|mensen|je|de|het|iedereen|jou))|vol|"
    r"te ?kort|te binnen|uit (?:z'?n|zijn|haar|mijn) slof)\b",
    r"schiet\w*(?: \w+){0,5} (?:mee op|niet op|in (?:de|haar|zijn|z'?n) (?:lach|stress|paniek|kramp|verdediging|slof)|vol|te ?kort|"
    r"door\b(?! (?:m|mn|z|zn|haar|de|het|zijn|mijn|je|een)\b))|te ?kort ?schie\w*|vol ?schie\w*|"
    r"door ?schie\w*|op ?schieten|in tranen|schiet maar|(?:in|uit) (?:zijn|haar|z'?n|d'?r) slof\w*|zich(?:zelf)? in de voet\w*",
    r"(?:zit\w*|sta\w*)(?: \w+){0,3} te springen|(?:springt?|springen|sprong)(?: \w+){0,2} (?:uit (?:z'?n|zijn|haar|m'?n|mijn|"
    r"d'?r) vel|in het (?:diepe|oog)|bij\b|van (?:de )?hak|op tilt|"
    r"in de bres|uit de band|van (?:de )?een(?:e)? (?:\w+ ){0,2}naar|van brandje)|uit (?:z'?n|zijn|haar|d'?r|m'?n) vel|"
    r"van de hak op de tak|hak op (?:de )?tak",
    r"(?:commerciële|commerciele|zakelijke?|economische|financiële|financiele|politieke|professionele|digitale|sportieve) zelfmoord|"
    r"zelfmoord (?:voor|op) (?:mijn|m'?n|onze|ons|de|het|zijn|hun|je|uw) (?:eigen )?(?:bedrijf|zaak|winkel|marge|marges|omzet|tent|toko|"
    r"carrière|carriere|planning|rooster|portemonnee|kas|winst|reputatie|imago)\b|"
    r"(?:headset|laptop|printer|computer|scherm|telefoon|bus|auto|machine|server|koffieapparaat|app|systeem|accu) "
    r"(?:heeft|had|pleegde?|pleegt)(?: \w+){0,2} zelfmoord",
    r"dode (?:plant\w*|kamerplant\w*|blad\w*|bloem\w*|vogel\w*|muis\w*|muizen|vis\w*|tak\w*|bo(?:om|men)|batterij\w*|link\w*|tijd)\b|"
    r"(?:niks|niets|niet) klappen\b|klappen tegen\b",
    r"in het diepe (?:gooien|springen|gegooid)|overal bovenop|bespring\w*|inspring\w*|bijspring\w*|wegspring\w*|inspringen",
    r"(?:het|t|met) mes (?:(?:me|mij|ons) )?op de keel|"
    r"mes (?:snijdt|snijd) (?:\w+ )?aan twee|mes (?:op tafel|erin|er (?:niet )?in|in (?:de rug|de kosten|de begroting))|"
    r"messen (?:slijp\w*|getrokken staan|geslepen)|"
    r"met (?:getrokken messen|messen getrokken)|messcherp|op het scherp\w* van de snede",
    r"pistool op (?:de|haar|zijn|mijn) borst|nietpistool|lijmpistool|verfpistool|bandenpistool|warmtepistool|heteluchtpistool|"
    r"kitpistool|spuitpistool|startschot",
    r"(?:tikkende |tik|tijd)\s?(?:tijd)?bom\b|de bom (?:is|barst\w*)|bom(?:vol| onder (?:het|ons|dit) (?:plan|project|vertrouwen))|"
    r"bommetje\b|kogel (?:is )?(?:door de kerk|in de kerk)|"
    r"bom (?:die|kan) (?:\w+ ){0,3}(?:barst\w*|ontplof\w*)|de kogel is|een bom,? (?:hij|die)",
    r"moord en brand|moord(?:baan|tempo|tent|wijf|vent|griet|zaak|end\w*|spel\w*|antwoord|neigingen|kuil)|een moord (?:voor|"
    r"heeft gepleegd)|alsof (?:ie|hij|ze) een moord",
    r"(?:ontplof|explodeer)\w*(?: \w+){0,4} (?:bij|om|van|als|weer|meteen|direct|snel)|kort lontje|lontje|door het lint|buiten zinnen|"
    r"op ontploffen",
    r"(?:dreig\w*)(?: \w+){0,5} (?:met|van)(?: (?:een|zijn|haar|zn|dr|de|het|mijn|direct|slechte|negatieve|z'n))* (?:recensie|review|"
    r"ontslag|advocaat|rechter|rechtszaak|bond|vakbond|pers|krant|klacht|ziekmeld\w*|opstappen|vertrek\w*|faillissement|boete|"
    r"juridische\w*|kort geding|jurist|schadeclaim|deurwaarder|staking)",
    r"dreig\w*(?: \w+){0,5} (?:ontslag te nemen|op te stappen|weg te gaan|te (?:vertrekken|stoppen|staken|ontslaan)|(?:naar|"
    r"zich te) (?:de )?(?:rechter|bond|krant|vakbond|pers|"
    r"juridisch\w*)|zich ziek|(?:uit|om|in) te vallen|uitval\w*|te (?:stranden|mislukken|klappen|verliezen|ontsporen|vervallen|raken|"
    r"worden|lopen|verlopen)|ziek te|over te)",
    r"dreigend\w* (?:ontslag|uitval|faillissement|verzuim|conflict|tekort|burn)\w*|dreigt (?:burn|uitval|overbelast|faillissement|"
    r"ontslag)\w*|dreig\w* (?:vast|mis|stuk|fout|leeg|over)\w* te",
    r"(?:einde?|punt|streep)(?: \w+){0,3} (?:aan|achter|onder|voor)(?: \w+){0,3} (?:contract|dienstverband|samenwerking|"
    r"proefplaatsing|arbeids\w+|traject|gesprek|bewaren|overeenkomst|formulier)",
    r"(?:beëindig\w*|einde?)(?: \w+){0,2} (?:dienstverband|contract|arbeids\w+|proeftijd)|een eind(?:e)? aan (?:komen|het gedoe|"
    r"dit gesprek|die discussie)",
    r"afscheids(?:borrel|feest\w*|cadeau\w*|kaart\w*|receptie|speech|lunch|etentje|gesprek)|afscheid (?:nemen )?van (?:een|onze|de|"
    r"haar als|hem als) (?:medewerk\w+|collega|kracht|directeur)",
    r"levens?(?:echt|lang|lange|loop|werk|stijl|verwachting|middelen|genieter|lustig)|leven lang|(?:mijn|m'?n|ons) leven (?:gered|"
    r"makkelijker|zuur)|het leven zuur",
    r"op (?:z'?n|zijn|haar|mijn|hun) (?:tandvlees|laatste benen)|de das om|aan onderdoor|eraan onderdoor|er (?:haast )?aan onderdoor|"
    r"werken ons (?:kapot|dood)|een ongeluk\b",
    r"(?:maakt?|maken|vreet|vreten) zich(?:zelf)? (?:helemaal )?(?:kapot|op)\b|kapot (?:van|aan|met|gaan aan)|pesten? (?:me|hem|"
    r"haar) kapot",
    r"bloed onder|bloedheet|bloedstollend|tot bloedens toe voor|in koelen bloede|kwaad bloed|nieuw bloed|bloed,? zweet|"
    r"bloed(?:prikken|drukk?\w*|vlekken|donor|afname|onderzoek| geven| prikken)",
    r"vuur(?:t)? (?:\w+ ){0,2}vragen|onder vuur|vuurproef|door het vuur|vuurpeloton|kruisvuur|vuurspuw\w*|brandjes? (?:blussen|naar)|"
    r"voor het blok",
    r"alarmbel\w*|in de put|put uit|(?:koppen|kop) (?:gaan )?rollen|kop eraf|hoofd (?:eraf|afhak\w*)|de nek om|nek (?:klachten|pijn)|"
    r"met zijn hoofd (?:ergens|in)|tegen de muur (?:lopen|op)",
    r"(?:slag|schot) in de roos|ongeleid projectiel|kamikaze|brokkenpiloot|brokkenmaker|met de deur in huis|deur\w* (?:slaan|slaat|"
    r"dicht)|met (?:de )?deuren",
    r"snij(?:machine|plank|tafel|afdeling|derij|lijn|plotter|bloemen|werk|wond aan (?:zijn|haar) (?:hand|vinger))\w*|snijden? (?:we|"
    r"ik)? ?(?:dat|dit|het|het onderwerp|die) (?:\w+ )?aan|aan(?:te)?snijden|aansnijd\w*|te snijden\b",
    r"(?:in (?:z'?n|zijn|haar|d'?r|een) (?:vinger|hand|duim))(?: \w+){0,3} ?(?:gesneden|geprikt)?|in (?:z'?n|zijn|haar|d'?r) vinger",
    r"schietvereniging als|teamuitje\w*|paintball|escape ?room\w*|moordspel|overvalpreventie|bhv\w*|ehbo\w*|ontruimings\w*",
    # en, de, fr, es, it, pl, ro, ru, uk
    r"killing me\b|dead tired|dead ?line\w*|dying to|time bomb|shoot me (?:an?|your)|dead end|scared to death|bored to death|"
    r"over my dead|killer\b|heart attack",
    r"threaten\w*(?: \w+){0,2} (?:to (?:quit|leave|resign|sue)|with a lawyer)|tod(?:müde|sicher|ernst|langweilig)|"
    r"todesangst vor (?!ihrem|seinem|ihm)\w+|droht\w* mit kündigung|übers? (?:das )?ziel",
    r"mort(?:e)? de (?:fatigue|faim|rire|peur)|menace\w* de (?:démissionner|partir|quitter)|muert[oa] de (?:cansancio|risa|hambre)|"
    r"amenaza con (?:irse|dejar|renunciar)|stanco morto|stanca morta",
    r"minaccia di licenz\w*|śmierteln\w+ zmęcz\w*|grozi,? że (?:odejdzie|się zwolni)|mort\w* de oboseal\w*|amenin\w+ că (?:își dă|"
    r"pleacă|demision)\w*|смертельно (?:уста\w*|втом\w*)|"
    r"угрож\w+ уволи\w*|погрож\w+ звільн\w*|مت من|تعب جدا|يهدد بالاستقالة",
)

# Order is the order of the model's columns: add at the end or train again.
_CONCEPTS: dict[str, re.Pattern[str]] = {
    "suicide": _pattern(
        r"zelf ?moor[dt]\w*",
        r"zlefmoord",
        r"zelfmrd",
        r"zelf ?dod\w*",
        r"su[iïy]+[cs]i[dt]\w*",
        r"suizid\w*",
        r"selbst(?:mord|töt)\w*",
        r"сам[ао]?(?:губ|уб|ого)\w*",
        r"samob[oó]j\w*",
        r"intihar\w*",
        r"sinuci\w*",
        r"öngyilk\w*",
        r"انتحار\w*",
        r"\w*نتحر\w*",
        r"自杀",
        r"خودکشی",
        r"levens ?be[eë]indig\w*",
        r"levens ?einde\w*",
        r"euthana\w*",
        r"doods?wens\w*",
        r"doods ?verlang\w*",
        r"levensmoe", r"middel x\b",
    ),
    "die": _pattern(
        r"doo[dt]\b",
        r"dode[n]?\b",
        r"dood ?(?:te )?(?:ga\w*|maak\w*|ma[ck]ken|sla\w*|geslagen|schiet\w*|geschoten|steek\w*|stek\w*|gestoken|rijd\w*|reed|gereden|"
        r"bloed\w*|drink\w*|spring\w*|val\w*)",
        r"doods\w*",
        r"doodt\b",
        r"doden\b",
        r"sterv\w*",
        r"sterf\w*",
        r"stierf",
        r"gestorv\w*",
        r"overle(?:ef|v)\w*",
        r"overlijd\w*",
        r"omkomen|omgebracht|ombrengen",
        r"lijk\b(?! me)",
        r"onder de grond",
        r"begraf\w*",
        r"begrav\w*",
        r"uitvaart\w*",
        r"rouwk\w*",
        r"kist\b",
        r"graf\b",
        r"die\b(?<=\bto die)",
        r"dying|death|dead|kill\w*",
        r"sterben|tot\b(?<=umzubringen tot)|umbring\w*|tod\b|töten|stirbt",
        r"mourir|mort\b|tuer\b|meurs",
        r"umrze\w*|śmier\w*|zabi[jcćłl]\w*|umier\w*|pozabija\w*",
        r"öl(?:mek|dür\w*|ece\w*|üm\w*|sem)",
        r"mor(?:ir\w*|rer|ire|te|i)\b|matar\w*|muer\w*|matta\w*|uccid\w*|ammazz\w*",
        r"omoa\w*|omor\w*|muri\w*|mor\b",
        r"умер\w*|умр\w*|смерт\w*|вб['ʼ]?[ие]\w*|уби[тв]\w*|помер\w*|убь\w*",
        r"\w*موت\w*|\w*قتل\w*|یم(?:یر|رد)\w*|بمیر\w*|می‌کشد",
        r"halni|megöl\w*|meghal\w*",
        r"死|杀",
        r"умира\w*",
    ),
    "not_live": _pattern(
        r"nie?t? (?:meer |langer )?(?:wil\w* |hoeft? |te |kan |kunnen |verder )*le(?:ve?n?|evn)\b",
        r"(?:klaar|genoeg|moe|zat|beu|stoppen|kappen|verder|ophouden|weg)(?: \w+){0,4} (?:leven|levn)\b",
        r"le(?:ve?n?|evn)(?: \w+){0,5} (?:niet meer|geen zin|zat|beu|nie meer|moe|zinloos|te zwaar|zonder|klote|ophouden|genoeg|"
        r"niks meer)",
        r"(?:nut|zin|waarom|waarvoor)(?: \w+){0,5} (?:leven?|leef|levn)\b",
        r"uit (?:het|t) leven",
        r"van het leven",
        r"leven (?:hoeft|stop\w*)",
        r"leven\b(?<=mijn leven)|(?:z'?n|zijn|haar|d'?r|mijn|m'?n) (?:eigen )?leven (?:be|te be|af|wil|maken|nemen|gaan)\w*",
        r"wi[lt]\w*(?: \w+){0,4} niet? (?:meer )?(?:leven|wakker)",
        r"end(?:ing)? (?:my|his|her|their|it) ?(?:own )?(?:life|all)",
        r"(?:want\w* to|going to|gonna|wanna) die|(?:not|don'?t)(?: want to)? (?:be alive|live|wake up)|no (?:point|"
        r"reason) (?:in )?liv\w*|without me|can'?t go on",
        r"nicht mehr leben|leben nehmen|das leben (?:nehmen|beenden)",
        r"plus vivre|fin à (?:ses|mes) jours|finir avec la vie|en finir",
        r"nie ch\w+ (?:już )?żyć|odebrać sobie",
        r"yaşamak istem\w*|canına kıy\w*",
        r"no quier\w+ vivir|quitar(?:me|se) la vida|não quer\w+ (?:mais )?viver|non (?:voglio|vuole|"
        r"ce la faccio) (?:più )?(?:a )?viv\w*|togli\w+ la vita",
        r"nu mai v\w+ să trăi\w*|ia viața|lua viața",
        r"не хо\w+ (?:больше |більше )?жит\w*|більше не хо\w+ жит\w*|покончить|покінчит\w*",
        r"لا (?:أ|ا)ريد (?:أن )?(?:أ|ا)عيش|不想活",
        r"véget vet\w*|nem akar\w* (?:tovább )?élni",
    ),
    "not_be": _pattern(
        r"(?:er|der|dr) (?:dan |straks |morgen |toch )*(?:nie|niet|nit) meer (?:ben|bent|is|zijn|was|waren|wil\w*|zou\w*|te)",
        r"nie?t? meer (?:wil\w* |zou\w* |te )*(?:zijn|bestaan|wakker|opsta\w*|thuis ?kom\w*)",
        r"(?:er|der|dr) (?:ben|is|was|zijn)(?: \w+){0,4} (?:niet|nie) meer",
        r"nooit meer (?:wakker|opstaan|terug|last|iets)",
        r"(?:niets?|niks|geen last|niet) (?:\w+ )?meer (?:van (?:mij|me|hem|haar)|horen)",
        r"beter(?: \w+){0,3} (?:af|zonder|als ik|dat ik|zijn)(?: \w+){0,4} (?:zonder|mij|hem|haar|er niet|me|iemand)?",
        r"zonder (?:mij|hem|haar)\b",
        r"(?:niemand|geen mens)(?: \w+){0,3} (?:mis\w*|merk\w*)",
        r"tot last",
        r"(?:een )?last voor (?:iedereen|anderen|jullie)",
        r"(?:voor|van|met) (?:mij|hem|haar|me) (?:\w+ ){0,3}(?:hoeft|mag het|afgelopen|over)|hoeft (?:\w+ ){0,4}niet? meer",
        r"(?:er|der) tussenuit knijp\w*|ertussenuit",
        r"alles stil|verdwijn\w*|eeuwig\w*|voor ?goed\b|voor altijd|voor eeuwig", r"better off|nobody would miss|disappear|burden",
    ),
    "end": _pattern(
        r"einde?\b",
        r"beëindig\w*",
        r"punt (?:er)?achter|punt zetten",
        r"uit ?stap\w*|stapt? (?:\w+ )?(?:er )?uit|stap(?:t|pen|te)? (?:er )?uit|eruit ?(?:te )?stap\w*|stapt? eruit",
        r"afgelopen|voorbij|over en uit|is het (?:klaar|gedaan|gebeurd)|t klaar|gedaan mee",
        r"van kant|verdoen|zich verdaan|tekort te doen|te kort (?:wil\w* )?doe\w*",
        r"schluss mach\w*",
        r"ophouden|genoeg geweest|uitweg",
        r"aftel\w*|nog (?:één|een|twee|drie|\d+|tien) (?:keer|dag\w*|nacht\w*|we\w*)",
    ),
    "rail": _pattern(
        r"trein\w*",
        r"spoor\b|sporen\b|spoorweg\w*|spoorlijn",
        r"rails\b",
        r"perron\w*",
        r"overweg\w*",
        r"metro\b|tram\b",
        r"station\b",
        r"train\b|zug\b|pociąg\w*|tren\w*|treno",
        r"wissels",
    ),
    "height": _pattern(
        r"brug\w*",
        r"dak\b|daken\b",
        r"viaduct\w*",
        r"balkon\w*",
        r"reling\w*",
        r"steiger\w*",
        r"kraan\b",
        r"silo\w*|torenkraan|toren\b",
        r"flat\b|galerij\b",
        r"vensterbank|railing|balustrade|vangnet|zonder gordel|\w*harnas|ongezekerd|klimwand|zendmast|open raam|raam\b|\w+ hoog\b|verdieping\w*",
        r"parkeergarage\w*|parkeerdak",
        r"klif|rand\b|afgrond|leuning|dakgoot|\bnok\b|schoorsteen|hoogwerker|kroonlijst|\w*mast\b|vluchttrap|over het hek|\w+ etage|ladder",
        r"roof|bridge|dach\b|brücke|toit\b|pont\b|dach(?:u|em)?\b|most\w*|çatı\w*|köprü\w*|techo|puente|ponte|tetto|telhado|acoperiș|"
        r"мост\w*|кры[шс]\w*|дах\w*|سطح|جسر|balcony",
    ),
    "water": _pattern(
        r"kanaal|water\b|verdrink\w*|sloot|rivier|zee\b|plas\b|gracht|vaart\b|kade\b|haven\b|strand\b|vijver|sluis|dok\b|overboord|mestput|gierput|"
        r"drown\w*|ertrinken|noyer|utop\w*",
    ),
    "jump": _pattern(
        r"(?:ge|af|om)?spri?ng\w*|sprong\b|jump\w*|spring(?:en|t)?\b|sauter?\b|skocz\w*|atla\w*|saltar|tirar\w*|atirar|butta\w*|"
        r"sar[aăi]\w*|прыг\w*|стрибн\w*|قفز|leugrani",
    ),
    "let_go": _pattern(
        r"stuur om\w*|loslaat|loslaten|laat\w* (?:\w+ ){0,2}vallen|(?:voor|onder|tegen|op) (?:de|een|die|n|zo'n)(?: \w+)? (?:trein|"
        r"bus|auto|boom|vrachtwagen|metro|tram|pijler|muur|pilaar|vangrail)",
    ),
    "hang": _pattern(
        r"op ?(?:te |ge)?h[ai]ng\w*|verhang\w*|hing\b|hangt?\b|op ?(?:te |ge)?knoop\w*|knoop\w* (?:\w+ ){0,3}op\b|strop\w*|galg\w*|"
        r"touw\w*|balk\b|wurg\w*|verwurg\w*|snoer\b|losgesneden|hang(?:ing|ed)?\b|noose|rope\b|erhäng\w*|strick\b|pendre|pendu\w*|"
        r"corde\b|powiesi\w*|as(?:acağ|mış|mak)\w*|ahorca\w*|impicca\w*|enforca\w*|spânzur\w*|повес\w*|повіс\w*|شنق|keel\b|nek\b",
    ),
    "cut": _pattern(
        r"(?:ge|door|open)?(?:ge)?snij\w*|ges?ne(?:d|j)\w*|snee\b|sne(?:d|e)\w*|snijwond\w*|kras(?:t|sen|ten)?\b|gekrast|"
        r"door ?gesneden|scheermes\w*|stanley\w*|opensnijd\w*|litteken\w*|cut\w*|ritz\w*|schneid\w*|coup\w*|scarif\w*|tnie\b|tną|"
        r"kes(?:miş|iyor)\w*|kesik|corta\w*|taglia\w*|t[aă]ia(?:t|se|ă)?\b|поріза\w*|пореза\w*|ріже\w*|реж\w*|يجرح|جرح",
    ),
    "body": _pattern(
        r"pols\w*|aders?\b|keel\b|arm(?:en)?\b|onderarm\w*|been\b|benen\b|bovenbe\w*|huid|mouw\w*|wrist\w*|arms?\b|veins?|adern|"
        r"veines|bras\b|ręk\w*|żyły|bilek\w*|brazos|braccia|mâini|вен[иыа]\b|рук\w*|يديه|nek\b|kop\b|hoofd\b|hart\b",
    ),
    "blood": _pattern(
        r"bloed\w*|bloods?\b|bleed\w*|blut\w*|sang\b|krew|krwi|kan\b(?= var| içinde)|sangre|sangue|sânge|кров\w*|دم\b|wonden?\b|"
        r"gewond\w*|verwond\w*|brandplek\w*|brandwond\w*",
    ),
    "self_harm": _pattern(
        r"zelf ?(?:beschadig|verwond|mutila|pijnig)\w*",
        r"auto ?mutila\w*",
        _SELF +
        r"(?: \w+){0,4} (?:aan ?(?:te |zal |gaat |ga |wil )?(?:ge)?(?:do[e|et]\w*|daan)|pijn|iets|wat aan|verwond\w*|beschadig\w*|"
        r"snijd\w*|gesneden|straf\w*|slaa[nt]|te slaan|brandt?|verminkt?)",
        r"(?:iets|wat)(?: \w+){0,2} aan ?(?:te |zal |gaat |ga |wil )?(?:ge)?(?:doe\w*|daan)",
        r"doet? " +
        _SELF,
        r"(?:hand|handen) aan (?:zich\w*|mezelf)",
        r"self.?harm\w*|hurt(?:ing)? (?:my|him|her|them)sel\w*|cutting (?:my|him|her)sel\w*|verletzt sich",
    ),
    "pills": _pattern(
        r"pil(?:len|letje\w*|le)?\b|tablet\w*|medic\w*|strips?\b|strip\b|slaap(?:pil|tablet|middel|mutsje)\w*|paracetamol\w*|oxazepam|"
        r"temazepam|lorazepam|diazepam|benzo\w*|tramadol\w*|morfine|fentanyl|insuline|propofol|ketamine|oxycodon\w*|antidepress\w*|"
        r"euthasol|sertraline|quetiapine|pillendoos|doosje|potje|pills|tablets?|tabletten|comprimés|médicaments|cachets|tablet(?:ek|"
        r"ki|y)|leków|leki|hap\b|ilaç\w*|pastill\w*|pillole|comprimidos|pastile|табле\w+|حبوب\w*|الحبوب",
    ),
    "took": _pattern(
        r"(?:in ?ge|ge|door|weg)?slikt?\w*|ingenomen|genomen|neemt|in ?te ?nemen|leeg ?(?:ge)?(?:haald|maakt)?\w*|op ?gegeten|"
        r"gedronken|dronk\b|drinkt?\b|drinken|spuit\w*|gespoten|spaart|verzamel\w*|opgespaard|gespaard|naar binnen|achterover|"
        r"swallow\w*|took\b|taken\b|genommen|geschluckt|avalé\w*|pris\b|wzi[eęą]\w*|połkn\w*|içti|yuttu|tomó|tomou|ingoiat\w*|preso|"
        r"luat|înghi\w*|випи\w*|наглота\w*|выпи\w*|ابتلع\w*|tegelijk|in (?:een|één) keer|hele (?:doos|pot|strip|fles)|handvol",
    ),
    "overdose": _pattern(
        r"over ?dos\w*|überdosis|przedawk\w*|te ?veel (?:\w+ )?(?:pillen|tabletten|medicijnen|slaap\w*|ghb|drugs|insuline|genomen|"
        r"geslikt|oxazepam|ingenomen)|передоз\w*|dodelijk\w*|pijnloos|zacht (?:te )?sterven|fatal|lethal",
    ),
    "poison": _pattern(
        r"gif\b|vergif\w*|giftig|vergiftig\w*|bleek(?:water|middel)?\b|chloor|antivries|ontstopper|thinner|spiritus|"
        r"schoonmaakmiddel\w*|bestrijdingsmiddel\w*|rattengif|zuur\b|zoutzuur|accuzuur|uitlaat\w*|koolmonoxide|helium|gas\b|gaskraan|"
        r"gasfles\w*|gasleiding|poison\w*|bleach|gift\b|javel|slang\b(?= |,|$)|\w*ontstopper|koelvloeistof|peroxide|natronloog|loog\b|"
        r"\w*vaatwas(?:blok|tablet)\w*|ontsmetting\w*|desinfect\w*|handgel|chloor\w*|batterij(?:en|tje\w*)?\b|\w*korrels|ammoniak|"
        r"afwasmiddel|wasbenzine|terpentine|white spirit|ontvetter|ontkalker|azijnzuur|methanol|paddenstoel\w*|muizengif|onkruidverdelger",
    ),
    "drugs": _pattern(
        r"ghb|coke|cocaïne|xtc|heroïne|speed\b|drugs?\b|gesnoven|snuift?|naald|\w*stoned|high\b|joint\w*|wiet|geblowd|blowt?\b|gesmookt|"
        r"lachgas|ketamine|crack\b|meth\b|strak (?:van|staan)|aan de (?:pillen|spul)|gebruikt\b",
    ),
    "unconscious": _pattern(
        r"bewust(?:eloos|zijn)\w*|buiten westen|buiten bewustzijn|(?:niet|nie|bijna niet|amper|nauwelijks|nergens|niet meer|"
        r"geen)(?: \w+){0,2} (?:wakker|aanspreekbaar|ademt?|adem\w*|reage\w*|reactie|bij\b)|reageert?(?: \w+){0,3} (?:niet|nergens|"
        r"amper|nauwelijks)|ademt? (?:\w+ )?(?:niet|raar|zwaar|nog|bijna)|blauwe? (?:lippen|om|aan)|kwijl\w*|schuim\w*|zakt? weg|"
        r"weggezakt|wegzak\w*|suf\b|zakt in elkaar|in elkaar gezakt|flauwgeval\w*|rochel\w*|voor pampus|weggevallen|slap\b|grijze? lippen|"
        r"wordt (?:koud|blauw|grijs)|"
        r"krijgt? (?:\w+ ){0,3}niet wakker|"
        r"stuiptrek\w*|toeval\b|insult\b|ogen (?:weg|draaien)|unconscious|not breathing|(?:isn'?t|not|can'?t|"
        r"won'?t) (?:wake|respond\w*|stay awake)|blue\b|bewusstlos|wacht nicht auf|inconscient\w*|se réveille (?:pas|plus)|"
        r"nie oddycha|nieprzytom\w*|dobudzi\w*|uyanm\w*|no (?:responde|despierta|respira)|non (?:si sveglia|respira|risponde)|"
        r"não acorda|nu se mai trez\w*|не (?:проки\w+|просып\w+|дыш\w+|дих\w+)|لا تستيقظ|لا يتنفس",
    ),
    "attempt": _pattern(
        r"poging\w*|suïcidepoging\w*|tentamen|geprobeerd (?:\w+ ){0,3}(?:te|dood|er)|probe(?:er|ren)\w*(?: \w+){0,4} (?:te verhangen|"
        r"einde|dood)|attempt\w*|versucht|tentative",
    ),
    "weapon": _pattern(
        r"mes(?:je|jes|sen)?\b|mss\b|kapmes|zakmes|vleesmes|keukenmes|snoeimes|stanleymes|vuur ?wapen\w*|(?:slag|steek)?wapen\w*|"
        r"pistool\w*|geweer\w*|gun\b|guns\b|kalasj\w*|jacht(?:geweer|buks)|buks\b|revolver|bijl\w*|machete|hamer\b|knuppel\w*|"
        r"honkbal\w*|schroevendraai\w*|moersleutel|breekijzer|ijzeren (?:staaf|buis)|stalen buis\w*|kettingzaag|boksbeugel|stiletto|"
        r"koevoet|golfclub|beitel|brandbijl|cirkelzaag|slijptol|drietand|houweel|spade\b|katapult|luchtbuks|bakste\w*|ijzeren \w+|steker\b|"
        r"pikhouweel|hakmes|cutter|klauwhamer|voorhamer|vleeshaak|pook\b|snoeischaar|heggenschaar|stoelpoot|buksen?\b|loop van een|handvat van een|"
        r"kogel\w*|patronen|munitie|bivak\w*|glock|briefopener|riek\b|hooivork|schaar\b|kapotte fles|stuk glas|injectienaald|taser|zwaard|"
        r"kruisboog|knife|knives|weapon\w*|"
        r"shotgun|rifle|bat\b|axe\b|messer\w*|pistole\w*|gewehr|waffe\w*|axt\b|couteau\w*|arme\b|fusil|hache|nóż\w*|noż\w*|broń|broni|"
        r"pistolet\w*|siekier\w*|bıçak\w*|silah\w*|cuchillo\w*|pistola\w*|arma\b|navaja|hacha|coltell\w*|faca\b|cuțit\w*|topor\b|"
        r"pistol\b|ніж|нож\w*|пістолет\w*|пистолет\w*|зброя\w*|оружи\w*|топор|سكين|مسدس|سلاح|چاقو|kés\w*|刀|枪",
    ),
    "attack": _pattern(
        r"st(?:ee|e)kt?\b|neer ?(?:te |ge)?st[eo]\w*|gestoken|ne(?:er)?steken|stekt?en\b|schie(?:t|ten)\w*|geschoten|schiet ?partij|"
        r"schoot\b|wurg\w*|vermo(?:or|re)\w*|moord\w*|afmaak\w*|af ?(?:te )?maken\b|maak (?:je|jou|m|hem|haar|u|"
        r"ze)(?: \w+){0,2} (?:af|kapot|dood)|kapot ?ma[ak]\w*|dood ?sla\w*|aanval\w*|aangeval\w*|valt(?: \w+){0,3} aan|te grazen|"
        r"lek (?:te )?ste\w*|de strot|de nek (?:om|gaan)|(?:elkaar|lijf)(?: \w+){0,3} (?:te lijf|gaan|gevlogen)|te lijf|vecht\w*|"
        r"gevecht\w*|knok\w*|(?:in|tegen) (?:elkaar|de grond|zijn hoofd)(?: \w+){0,2} (?:sla\w*|gesl\w*|trap\w*)|in elkaar (?:sla\w*|"
        r"gesl\w*|trap\w*|getr\w*)|sla(?:at|an|g|gen)\b|geslagen|sloeg\w*|klap\b|klappen\b(?! (?:tegen|met|over))|schop(?:t|pen)\b|trap(?:t|pen)\b|"
        r"stomp\w*|gestompt|beukt?\b|kopsto\w+|vuistslag\w*|afgetuigd|aftuig\w*|af(?:ge)?rans\w*|slaag\b|bes(?:chi|ch)[eo]te?n?\b|"
        r"beschiet\w*|aangereden|hitlist|in elkaar gemept|mept\b|wurgt|bijt\b|"
        r"aan t? ?boksen|boks(?:e|en|t)\b|rossen|een rammel\w*|pak slaag|toegetakeld|kort en klein|botten (?:breken|breek)|"
        r"breek(?:t)? (?:\w+ ){0,2}(?:botten|poten|benen|nek)|gooit (?:\w+ ){0,3}(?:zuur|olie|water|naar)|overrijd\w*|omver ?rijd\w*|ramt?\b|"
        r"klopt? (?:op )?(?:haar|hem)|mishandel\w*|pak(?:ken|t)\b|rijdt?(?: \w+){0,3} (?:aan|in op|op mensen)|inrij\w*|hij gaat eraan|"
        r"eraan gaan|"
        r"bloedbad|afrossen|stab\w*|shoot\w*|attack\w*|kill(?:s|ed|ing)? (?:me|him|her|you|us|every\w+|someone|people)|"
        r"(?:ab)?stechen|schieß\w*|tuer\b|frapp\w*|bije\b|dövüyor|vurac\w*|golpea\w*|pega\b|picchia\w*|bate\b|бь[её]\w*|б'є|يضرب\w*",
    ),
    "threat": _pattern(
        r"(?:be)?dreig\w*|gedreigd|opwacht\w*|op ?te ?wachten|opgewacht|wacht\w*(?: \w+){0,4} op\b|wraak\w*|stalk\w*|chanta\w*|"
        r"afgeperst|afpers\w*|achtervolg\w*|volgt (?:haar|hem|mij|me|onze)|gijzel\w*|gegijzel\w*|vastgehouden|intimideer\w*|manifest|"
        r"dodenlijst|aan de beurt|de volgende\b|ik weet (?:waar|je)|weet (?:\w+ )?waar (?:ik|je|ze|hij|zij)(?: \w+){0,3} (?:woon\w*|"
        r"werk\w*)|mijn adres|m'?n adres|pas maar op|oppassen|threat\w*|hostage|stalk\w*|droh\w*|bedroh\w*|geisel|menac\w*|otage|"
        r"groz\w*|tehdit\w*|amena[zcț]\w*|ameninț\w*|minacci\w*|ameaç\w*|погрож\w*|угрож\w*|гроз\w*|\w*هدد\w*|تهديد\w*|تهدید\w*|"
        r"заплаш\w*|fenyeget\w*|威胁",
    ),
    "bomb_fire": _pattern(
        r"bom(?:men|melding|brief)?\b|brand ?bom|explosie\w*|opblaz\w*|op te blazen|de lucht in|ontploft|molotov\w*|benzine|"
        r"jerrycan\w*|aansteker|lucifer|in (?:de )?(?:brand|fik|hens)\b|brand ?stich\w*|brand gesticht|plat ?(?:te )?brand\w*|fikken|"
        r"zuur\b|poeder ?brief|\w*granaat|\w*bom\b|bom\w*|bomb\w*|explo\w*|gasoline|set (?:it |the \w+ )?on fire|bombe|feuer|essence|bomba|podpal\w*|"
        r"benzyn\w*|yak(?:acağ|mak)\w*|бомб\w*|подж\w*|قنبلة|تفجير\w*|حريق\w*|炸",
    ),
    "goodbye": _pattern(
        r"afscheid\w*|vaarwel\w*|laatste (?:bericht|groet\w*|brief|app\w*|wens|wil|keer|dag|reis|mail)|(?:brief|briefje|kaartje|"
        r"post-?it)\b|brieven\b|zorg (?:\w+ )?(?:goed )?voor (?:m'?n|mijn|de|haar|zijn) (?:meis\w+|kind\w*|hond\w*|kat\w*|vrouw|man|"
        r"moeder|beest\w*|paard\w*|gezin)|zorg (?:jij|je|dan)(?: \w+){0,2} voor|(?:bedankt|dank|merci) voor (?:alles|de mooie|al)|"
        r"zoek (?:me|mij) niet|het ga (?:je|jullie|u)|vergeef|vergeet (?:me|mij)|schuldig (?:\w+ )?voelen|hou van (?:jullie|je|ze|"
        r"hen)|sorry mama|testament\w*|weg ?(?:ge)?ge(?:v\w*|ef\w*)|geeft? (?:\w+ )*weg|uitgedeeld|verdeel\w*|spullen|polis|"
        r"levensverzeker\w*|nalaten|nalatenschap|huisdier|goodbye|good bye|farewell|suicide note|note\b|abschied\w*|adieu\w*|lettre|"
        r"pożegn\w*|list\b|veda\w*|despedi\w*|adiós|addio|adeus|adio|прощ\w*|وداع\w*|búcsú\w*",
    ),
    "missing": _pattern(
        r"onvindbaar|vermist\w*|verdwenen|neemt?(?: \w+){0,4} niet (?:meer )?op\b|niet (?:meer )?op ?(?:te )?(?:nemen|neemt)|"
        r"niet (?:komen )?op ?(?:komen )?dagen|telefoon (?:\w+ ){0,2}(?:uit|weg|thuis|af)|onbereikbaar|niet te (?:pakken|bereiken|"
        r"vinden)|spoorloos|geen (?:contact|reactie|gehoor)|nergens te|weggelopen|ondergedoken|is (?:nu )?weg\b|en weg\b|hing (?:ze|"
        r"hij|ie)? ?op|ophing|not answering|can'?t (?:find|reach)|missing|verschwunden|nicht erreichbar|ne répond plus|disparu\w*|"
        r"nie odbiera|telefonu|no (?:contesta|responde)|non risponde|nu răspunde|не бер[её]т|зник\w*|телефон\w*|أغلق هاتفه|deur dicht|"
        r"opgesloten|op slot|drie dagen",
    ),
    "self": _pattern(_SELF, r"(?:my|him|her|them|your)sel(?:f|ves)", r"sich\b|s'est|soi|się\b|sobie|kendi\w*|se va|si è|себ[яе]\b|نفس\w*"),
    "i": _pattern(r"ik\b|k\b|'k\b|mij\b|me\b|mn\b|m'n\b|mijn\b|i\b|i'm|my\b|ich\b|je\b|j'|nie chcę|yo\b|я\b"),
    "he_she": _pattern(
        r"hij\b|ie\b|zij\b|ze\b|die\b|he\b|she\b|er\b|sie\b|il\b|elle\b|on\b|ona\b|collega\w*|medewerk\w*|werknem\w*|stagiair\w*|"
        r"kandida\w*|cliënt\w*|zoon|dochter|vrouw|man\b",
    ),
    "want": _pattern(
        r"wi[lt]\w*\b|wou\b|wilde\b|wens\w*|verlang\w*|liefst|liever|wish\w*|want\w*|will\b|veut|veux|chc[eę]\w*|ist[ie]yor\w*|"
        r"quier\w*|vogli\w*|vuole|quer\w*|vr(?:ea\w*|eau)|хоч\w*|أريد|يريد|要",
    ),
    "going_to": _pattern(
        r"ga\b|gaat\b|gaan\b|kga\b|zal\b|zou\b|straks|vanavond|vannacht|morgen|zo meteen|binnenkort|maandag|vrijdag|weekend|"
        r"over een uur|datum|plan\b|tonight|today|now\b|heute|ce soir|dziś|bugün|hoy|oggi|azi|сегодня|сьогодні|اليوم",
    ),
    "now": _pattern(
        r"nu\b|net\b|daarnet|zojuist|op dit moment|meteen|direct|onmiddellijk|acuut|acute|spoed\w*|dringend|snel\b|rap\b|nood\w*|"
        r"help\b|hilfe|au secours|pomocy|допомож\w*|помогит\w*|ayuda|aiuto|ajutor|socorro|imdat",
    ),
    "rescue": _pattern(
        r"112\b|113\b|1813\b|101\b|politie\w*|ambulance\w*|zieken ?wagen|huisarts|crisis ?dienst\w*|spoed(?:eisende)?\w*|"
        r"alarm ?nummer|nood ?(?:geval|nummer|arts)\w*|zelfmoordlijn|hulplijn|hot ?line|police|polizei|telefon zaufania|"
        r"gedwongen (?:op|laten)\w*|ibs\b|crisisopname",
    ),
    "distress": _pattern(
        r"wanhop\w*|radeloos|uitzichtloos|uitweg|zie(?:t|n)? (?:het|t|er)(?: \w+){0,2} niet? (?:meer )?zitten|niet meer (?:vol|aan)|"
        r"kan (?:het |zo )?(?:niet|nie) meer\b|trek(?:t)? (?:het |t )?(?:niet|nie)|somber\w*|depressie\w*|depri\b|huil\w*|wenen|"
        r"kapot\b|hopeloos|waardeloos|schaam\w*|leeg\b|eenzaam|alleen\b|kalm|rustig|vredig|vrede",
    ),
    "psychosis": _pattern(
        r"stem(?:men)?\b|psychos\w*|psychotisch\w*|verward\w*|in de war|waan\w*|manisch\w*|paranoi\w*|doorgedraaid|bezeten|duivel|"
        r"demon\w*|achtervolgd|vergiftigen|voices|stimmen|voix|głosy|голос\w*|أصوات",
    ),
    "order": _pattern(
        r"stem(?:men)?(?: \w+){0,6} (?:dat|moet\w*|opdrag\w*|zeg\w*|spring\w*|doen|zegt)|opdrag\w*|opdracht (?:om|geven)|"
        r"telling (?:him|her|me) to",
    ),
    "home_violence": _pattern(
        r"\bex\b|ex-\w+|haar (?:man|vriend|vent|ex|broers?|vader)|z'?n (?:ex|vrouw)|mijn (?:man|vriend|vader|broers?|ex)\b|"
        r"m'?n (?:man|vriend|ex)\b|stiefvader|blauwe? (?:plek\w*|oog|ogen)|eer ?wraak|contactverbod|straatverbod|blijf van|"
        r"huiselijk\w*|loverboy|gedwongen|uitgebuit|mensenhandel|(?:niet|nie) (?:\w+ )?(?:naar )?huis|husband|boyfriend|ehemann|"
        r"ihr mann|mari\b|mąż\w*|koca\w*|marido|marito|soțul?|чоловік\w*|муж\w*|زوج\w*",
    ),
    "at_door": _pattern(
        r"(?:bij|voor|aan|achter) de (?:poort|deur|ingang|balie|receptie|toog|kassa)|buiten\b|poort\b|parkeer(?:plaats|terrein)\w*|"
        r"hek\b|komt\b|onderweg|binnen\b|naar binnen|outside|gate|draußen|tor\b|dehors|entrée|pod (?:firmą|pracą)|kapı\w*|puerta|"
        r"afuera|porta|fuori|ușă|afară|біля|у входа|عند|الخارج",
    ),
    "sexual": _pattern(
        r"verkracht\w*|aangerand\w*|aanrand\w*|misbruik\w*|betast\w*|aangeraakt|seksueel|naaktfoto\w*|rape\w*|vergewaltig\w*",
    ),
    "violence_now": _pattern(
        r"overval\w*|inbreker|gegijzeld|schietpartij|steekpartij|vechtpartij|knokpartij|robbery|active shooter|aanslag|explosie\w*",
    ),
    "afraid": _pattern(
        r"bang\w*|schrik\b|durft?\b|angst\w*|in paniek|doods?bang\w*|scared|afraid|angst\b|peur|bo(?:ję|i) się|kork\w*|miedo|paura|"
        r"medo|frică|бо[юя]\w*|خائف\w*",
    ),
    "weak_place": _pattern(
        r"auto\b|bus\b|wagen\b|boom\b|pijler|vrachtwagen|snelweg|garage\b|schuur\b|stal\b|loods\b|bos\b|weg\b|tunnel|truck",
    ),
    "expres": _pattern(r"expres\w*|opzet\w*|met opzet|on purpose|absichtlich|exprès|celowo"),
    "help_talk": _pattern(
        r"hoe (?:praat|vraag|begin|ga ik (?:als \w+ )?in gesprek|reageer|herken)\w*|wat zeg|mag (?:je|ik)|bespreek\w*|bespreken|"
        r"signalen|gesprek|serieus nemen|nummer",
    ),
    "plan": _pattern(
        r"alles (?:\w+ ){0,2}(?:geregeld|klaar\w*|uitgezocht|op orde)|geregeld\b|uitgezocht|eind ?datum|datum\b|klaar ?(?:staan|"
        r"liggen|gezet|gelegd)|"
        r"staat klaar|plan\b|manier(?:en)? (?:om|waarop)|(?:een|één|1) (?:manier|uitweg)|google\w*|gegoogeld|zoekt? op|opgezocht|"
        r"gekocht|besteld",
        r"opgezegd|inslapen|afgerond|overdragen|wachtwoorden|sleutels",
    ),
    "stop_being": _pattern(
        r"(?:stop\w*|ophoud\w*)(?: \w+){0,4} (?:ademen|leven|ademhalen|bestaan)|ademen|stilva\w*|stil(?:te)?\b|rust\b|verloss\w*|"
        r"in ?(?:te )?slapen|"
        r"opstaan|(?:hier|alles|ermee) op aarde|hemel|hierna|jenseits|weg met mij|weg (?:wezen|zijn)\b|niet meer verder|"
        r"niet verder (?:wil|kan)",
        r"opzadelen|overlast|haalt? (?:\w+ ){0,2}(?:kerst|niet|zomer|nieuwjaar)|niet meer (?:terug|zien|inplannen|nodig)|nooit meer",
    ),
    "forgive": _pattern(
        r"vergeving|vergiffenis|vergeef|spijt me|sorry\b|dank(?:je|u)? ?(?:wel)? voor alles|kus\b|hou van|trots op|gedenk|"
        r"herinner\w* aan mij|tot hier",
        r"uit de (?:app|groep)\w*|groep verlaten|verliet (?:\w+ )?(?:app|groep)\w*|voicemail|spraak(?:memo|bericht)\w*|snikk\w*",
    ),
    "hide": _pattern(
        r"verstopt?\b|verschuil\w*|verscholen|ingesloten|opgesloten|typ\w* (?:\w+ )?zacht\w*|praat (?:\w+ )?zacht\w*|fluister\w*|"
        r"onder (?:het|mijn|de) (?:bureau|toonbank|tafel)|"
        r"gegil|geschreeuw|schreeuw\w*|gillen|durf\w* niet (?:\w+ )?(?:naar buiten|weg|uit|eruit)|hoor (?:ik )?(?:ze|hem|gegil|"
        r"slagen)|zoekt? (?:mij|me|ons|haar|hem)\b",
    ),
    "burn_hurt": _pattern(
        r"sigaret\w*|peuk\w*|soldeer\w*|strijkbout|gloeiend\w*|kokend\w*|naald\w*|speld\w*|scherven?|bonkt?\b|bonken|kras\w*|krab\w*|"
        r"tot (?:het )?bloed\w*",
    ),
    "push": _pattern(
        r"duw\w*|geduwd|ram(?:t|de|men)\b|inrijden|omver|haren\b|getrokken|trekt\b|vastgehouden|vast ?(?:te )?(?:houd\w*|pak\w*|"
        r"gegrepen)|greep|grijpt|sleur\w*|neergesl\w*|smijt|smeten|gooit\b|bekog\w*",
    ),
    "family_threat": _pattern(
        r"(?:je|jouw|mijn|m'?n|onze|haar|zijn) (?:kind\w*|gezin|dochter|zoon|huis|familie|moeder|vrouw|adres)|iets (?:overkom|"
        r"gebeur)\w*|niet veilig|onveilig|losgeld|betaal\w*|(?:weet|weten)(?: \w+){0,4} te vinden|gevonden",
    ),
    "alcohol": _pattern(
        r"wodka|vodka|whisky|jenever|\w*dronken|gezopen|\w*bezopen|fles\b|drank|dubbele tong|lalt|lallen|strip(?:pen|s)?\b|ladderzat|"
        r"stomzat|strontzat|zo zat|(?:is|was|half|te) zat\b|zatte?\b(?= (?:op|achter|in|kop|vent|chauffeur))|beschonken|aangeschoten|"
        r"promille|pinten|liters? wijn|flessen|borrels|lam (?:op|als|achter)|onder invloed|kegel|naar (?:de )?alcohol|drunk|"
        r"betrunken|besoffen|ivre\b|bourré|saoul|pijan\w*|sarhoş\w*|borrach\w*|ubriac\w*|beat\b|п['’]?ян\w*|пьян\w*|سكران"
    ),
    "hanging_place": _pattern(r"balk\b|zolder|schuur|stal\b|kelder|garage\b|loods\b|trapgat|ketting|riem\b|koord|haak\b"),
    "ask_safety": _pattern(
        r"alleen (?:laten|naar huis|thuis|blijven)|bij (?:hem|haar) blijven|blijf ik|laat ik|naar huis (?:laten|gaan|rijden|sturen)|"
        r"(?:auto)?rijden\b|wie bel|bel ik|bellen\b|melden\b|familie inlichten|alarm",
    ),
    "talk_suicide": _pattern(
        r"(?:erover|eraan|ernaar|daarover|daarnaar|rechtuit|ronduit|rechtstreeks|direct)\b(?: \w+){0,6}|(?:denk\w*|praat\w*|sprak|"
        r"heeft het|begin\w*|vraag\w*)(?: \w+){0,4} (?:dood\w*|zelf\w*|eruit|leven|er niet meer)",
    ),
    "mock": _pattern(r"grap\w*|lach\w*|haha\w*|mop\b|half serieus|meent|serieus|bij wijze|figuurlijk"),
    # what speaks against danger
    "idiom": _IDIOMS,
    "contract": _pattern(
        r"contract\w*|dienstverband\w*|ontslag\w*|ontsla(?:an|g)|proeftijd|dossier|waarschuwing\w*|vaststelling\w*|transitie\w*|"
        r"advocaat|rechter|opzeg\w*|loon\b|subsid\w*|premie\w*|regeling\w*|cao\b|verlof",
    ),
    "work_behaviour": _pattern(
        r"faalangst\w*|onzeker\w*|fouten?\b|foutje\w*|slordig\w*|afgeleid|concentr\w*|vergeet\w*|vergat|impulsi\w*|ongeduld\w*|"
        r"flapt?\w*|onderbreek\w*|deadline\w*|planning|perfection\w*|feedback|taken\b|klus\w*|prikkel\w*",
    ),
    "panic": _pattern(
        r"paniek ?aanval\w*|hyperventil\w*|panic|panik\w*|dicht ?(?:ge)?(?:klap\w*|sla\w*|sloeg)|bevr[io]\w*|geen lucht|hartkloppingen",
    ),
    "calm_after": _pattern(
        r"(?:niemand|iedereen is on|geen mens)(?: \w+){0,2} (?:gewond|geraakt|gedeerd|letsel)|ongedeerd|excuses|sorry gezegd|spijt|"
        r"schaamt zich|afkoel\w*|weer (?:rustig|terug|aan het werk|normaal)|net goed|goed afgelopen|loopt goed af|handen geschud",
    ),
    "illness": _pattern(
        r"operatie|geopereerd|gebroken|gips|rug\b|knie\b|enkel|griep|kanker|hartaanval|hersenschudding|herstel\w*|bedrijfsarts|"
        r"poortwachter|ziek ?(?:ge)?meld\w*|ziekmelding|verzuim\w*|re-?integr\w*|burn-?out|overspannen|opbouw\w*",
    ),
    "diagnosis": _pattern(
        r"diagnose\w*|symptomen|kenmerken|stoornis\w*|adhd|autis\w*|borderline|bipolair|schizo\w*|ptss|therap\w*|bijwerking\w*|"
        r"dosering|mg\b|verslavend|werkt (?:die|dat|het)|test\b|psycholoog|psychiater",
    ),
    "talk_job": _pattern(
        r"ips\b|jobcoach\w*|vacature\w*|sollicit\w*|aannemen|aangenomen|inwerken|doelgroep\w*|uwv|gemeente|plaatsing\w*|werkafspra\w*|"
        r"coach\b|training\w*|cursus",
    ),
    "death_other": _pattern(
        r"(?:moeder|vader|opa|oma|man|vrouw|hond|partner|broer|zus|kind\w*|zoon|dochter|hond|kat)(?: \w+){0,3} (?:overleden|overleed|"
        r"gestorven|dood|verloren|verloor|begraven)|na (?:de|het) (?:dood|overlijden) van|rouw(?:verlof|en|t)?\b",
    ),
    "past": _pattern(r"vroeger|ja(?:ar|ren) (?:geleden|terug)|ooit\b|destijds|verleden|vorig jaar|last year|toen\b|in (?:19|20)\d\d\b|indertijd|"
        r"als kind|schooltijd|lang geleden|maanden (?:geleden|terug)"),
    "animals_things": _pattern(
        r"muizen|ratten\b|wesp\w*|onkruid|paard\w*|vissen|kat\b|hond\b|slager\w*|keuken|kok\b|vlees|hout|verf|plant\w*|kip\w*|schapen|"
        r"koe\w*|kalf|kalveren|varken\w*|poes|pony|duif|duiven|egel|konijn\w*|vogel\w*|dieren\w*|bloem\w*|tulp\w*|bomen"
    ),
    # a text, a course or a rule about it
    "policy": _pattern(
        r"protocol\w*|beleid\w*|handboek|nieuwsbrief|personeelsblad|scriptie|onderzoek\w*|cijfers|statistiek\w*|voorlichting\w*|lezing|"
        r"workshop\w*|training\w*|cursus\w*|themadag|thema\b|e-?learning|poster\w*|folder\w*|draaiboek|paragraaf|ri&e|presentatie|"
        r"oefening\w*|campagne|spreker|gastles\w*|gastdocent|herdenk\w*|jubileum\w*|artikel\b|\w*preventie\b|verzekering\w*"
    ),
    "play": _pattern(
        r"films?\b|series?\b|netflix|podcast\w*|documentaire\w*|boek\b|roman|game\w*|gamen|tv\b|toneel\w*|theater\w*|musical|spel\w*|"
        r"puzzel\w*|\w*sudoku|tattoo\w*|tatoeage\w*|halloween|carnaval|personeelsuitje|uitje|teamdag|escaperoom|escape ?room|feest\w*|"
        r"wedstrijd\w*|voetbal\w*|pizza|taart|bier\w*|muziek|liedje\w*|grap\w*|humor|haha\w*|lol\b"
    ),
    "machine": _pattern(
        r"server\w*|computer\w*|laptop\w*|printer\w*|scherm\w*|telefoon is|app\b|systeem|software|website|excel\w*|account|mailbox|"
        r"database|router|wifi|kassa\b|accu\w*|motor\b|apparaat|machine\w*|robot\w*|auto is|inkt|virus\w*|hacker\w*"
    ),
    "over_now": _pattern(
        r"nu (?:al )?(?:niet meer|weer|gaat het)|gaat (?:het )?(?:nu )?(?:al )?(?:\w+ )?(?:goed|beter)|hersteld|stabiel|voorbij|achter de rug|"
        r"weer (?:beter|de oude|vrolijk|volledig|rustig|op tijd)|uitbehandeld|afgerond|uitgepraat|niks aan de hand|niets aan de hand|"
        r"goed afgelopen|liep goed af|ongedeerd|verwerkt|plek gegeven|draait (?:\w+ )?mee"
    ),
    "errand": _pattern(
        r"wie (?:heeft|kan|haalt|regelt|wil|neemt|moet)|waar (?:koop|huur|haal|kan ik|vind)|hoeveel (?:kost|dagen|uur|man|weken)|"
        r"wat kost|huren|bestellen|vrij (?:krijg|vrag|nemen|op)\w*|vrij\b|vakantie\w*|vergader\w*|rooster|factuur\w*|klacht\w*|"
        r"subsidie\w*|cao|btw|marge\w*|omzet|schulden|concurrent\w*|financieel|financiële"
    ),
    # first aid: somebody whose body gives out
    "first_aid": _pattern(
        r"pijn (?:op|in|aan) (?:de |z'?n |zijn |haar )?borst|linkerarm|gezicht (?:\w+ )?verlamd|liftschacht|reanim\w*|hartmassage|aed\b|"
        r"hart (?:klopt|staat|stopt)\b|hartstilstand|hartaanval|beroerte|scheve? mond\w*|stikt?\b|gestikt|"
        r"verslikt|geen (?:lucht|adem)|allergisch\w*|zwelt|opgezwollen|dikke tong|stuip\w*|schokt\b|onder stroom|geëlektrocuteerd|"
        r"mond(?:hoek)? hangt|praat ineens|arm (?:doet|voelt|hangt)|hypo\b|suiker\w* (?:te laag|laag|aanval)|hitteberoerte|onderkoeld\w*|"
        r"zonnesteek|epilep\w* aanval|gasgeur|ruikt naar gas|gaslucht|lawine|elektrocu\w*|schlaganfall|avc\b|udar\b|inme\b|kalp\b|infarct\w*|"
        r"klem\b|vast(?: zit)? in de|bekneld|beklemd|onder water|verdrinkt|kopje onder|zijn gezicht naar beneden|verstikk\w*"
    ),
    # so many of them, kept for later
    "stock": _pattern(
        r"(?:\d+|genoeg|hoeveel|bijna genoeg) (?:\w+ ){0,2}(?:stuks|nodig|milligram|mg|er nodig)|dodelijke? dos\w*|fataal|gespaard|opgespaard|"
        r"heb ik (?:nog )?(?:liggen|klaar)|ik heb er \d+|hoe ?lang duurt|pijnloos\w*|methode\w*"
    ),
    # at the wheel, or at a machine that kills
    "at_wheel": _pattern(
        r"achter het stuur|stuur\b|rijd\w*|rijdt\b|reed\b|chauffeur\w*|\w*truck\w*|vorklift|reach\w*|clark\b|hoogwerker|shovel|bulldozer|"
        r"graafmachine|\w*kraan\b|tractor|trekker\b|tankwagen|schoolbus\w*|\w*taxi\w*|tram\b|bestuurder|machinist|piloot|schipper|"
        r"\w*zaag\w*|papierpers|balenpers|persmachine|shredder|versnipperaar|maaidorser|draaibank|\w*freesmachine|snelweg|"
        r"opereert|operatie|infuus\w*|ambulance|driv(?:es|ing)|forklift|fährt|lkw|conduit|camion|cariste|wózk\w*|jedzie|kamyon|sürüyor|"
        r"conduc\w*|montacargas|conduce|stivuitor|за кермом|за рул[её]м|кран\w*|يقود|رافعة"
    ),
    # without sleep
    "sleepless": _pattern(
        r"(?:valt?|viel|val|vallen)(?: \w+){0,3} in slaap|in slaap (?:valt|viel|vallen|gevallen|sukkel\w*)|knikkebol\w*|dommel\w*|ingedut|"
        r"(?:\d+|twee|drie|vier|vijf) (?:uur|nachten|dagen|etmalen?)(?: \w+){0,2} (?:wakker|op\b|niet geslapen|zonder slaap)|"
        r"(?:niet|nauwelijks|amper) geslapen|slaapt al|ogen (?:dicht|vallen)|wegge(?:zakt|doezeld)|doezel\w*|oververmoeid"
    ),
    # no food, no drink, no medicines that keep alive
    "refuses_food": _pattern(
        r"(?:eet|eten|drinkt|drinken|ete|drinke|iet|at|dronk)(?: (?:en|of) (?:eet|drinkt|drinken|eten|drinke))?(?: \w+){0,5} "
        r"(?:niets|niks|niet meer|nie meer|niet|nie|nauwelijks|amper|bijna niets|bijna niks)\b|(?:niets|niks|niet|nie|geen (?:hap|slok|water))"
        r"(?: \w+){0,3} (?:gegeten|gedronken|eten|drinken|binnen)|weigert (?:te )?(?:eten|drinken|insuline|medic\w*|water)|"
        r"honger ?stak\w*|uit(?:ge|te )hong\w*|uitgemergeld|vel over been|hongert|uitgedroogd|gestopt met (?:zijn|haar|z'n|d'r) (?:insuline|"
        r"medic\w*|hartpil\w*)|(?:isst|trinkt) nichts|ne mange (?:plus|rien)|nie je\b|yemiyor|no come\b|non mangia"
    ),
    # confused and outside, in the cold or among traffic
    "exposed": _pattern(
        r"dwaal\w*|dool\w*|op (?:zijn|haar|z'n|d'r)? ?sokken|blote voeten|blootsvoets|pyjama|kou\b|vries\w*|vorst\b|sneeuw|-\d+|min (?:tien|"
        r"vijf)|gevroren|onderkoel\w*|dementie|weet (?:\w+ ){0,2}(?:naam|waar (?:hij|ze)) niet|midden op de (?:weg|snelweg|rijbaan)|"
        r"tussen (?:de )?auto'?s|tegen het verkeer|spookrijd\w*|koelcel|vriescel|diepvries|vrieskist|robotcel|hoogspanning\w*"
    ),
    # small, old or tied: who cannot get away
    "helpless": _pattern(
        r"baby\w*|kindje\w*|kind\b|kinderen\b|peuter\w*|kleuter\w*|zuigeling|zwanger\w*|bejaard\w*|bewoner\w*|pati[eë]nt\w*|"
        r"(?:op|in)ge(?:slo\w+)|vast ?ge(?:bonden|maakt|ketend|houden)|vastgebond\w*|ketting\w*|gebonden|ontvoer\w*|meegesleurd|"
        r"laat (?:haar|hem|me|ons) niet (?:weg|gaan|naar buiten)|mag (?:\w+ ){0,2}niet (?:weg|naar buiten|naar huis)|paspoort (?:af|ingenomen)|"
        r"baby|child\w*|kid\b|enfant\w*|bébé|dzieck\w*|çocu\w*|bebe\w*|niñ\w*|bambin\w*|copil\w*|дитин\w*|реб[её]н\w*|طفل\w*"
    ),
}  # fmt: skip

NAMES: tuple[str, ...] = tuple(_CONCEPTS)


def without_idioms(message: str) -> str:
    """A plain message with everyday phrases that only borrow the words of danger replaced by ``~``."""
    return _IDIOMS.sub(" ~ ", message)


def concepts(text: str) -> frozenset[int]:
    """Numbers (in :data:`NAMES`) of the concepts that the message holds."""
    message = plain(text)
    without = without_idioms(message)
    found = {
        number
        for number, (name, pattern) in enumerate(_CONCEPTS.items())
        if name != "idiom" and pattern.search(without)
    }
    if without != message:
        found.add(NAMES.index("idiom"))
    return frozenset(found)
