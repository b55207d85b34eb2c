"""The same wishes in German, French and Spanish, as patterns over folded text (no accents, ü is u, ß is ss)."""

import re

_WHO = (
    r"(?:(?:ein(?:em|en|er|e)?|'?n(?:em|en)?|dem|der|den|ihr(?:em|er|en)?|richtig(?:en|er)|echt(?:en|er)|lebendig(?:en)?"
    r"|un|une|le|la|los|las|el|una|votre|su|vrai|vraie|real|verdader[oa]|otr[oa]|autre)\s+)*"
    r"(?:mensch(?:en)?|mitarbeiter(?:in)?|berater(?:in)?|kundenberater(?:in)?|kundenservice|kundendienst|sachbearbeiter(?:in)?"
    r"|vorgesetzten?|jemand(?:em|en)?|person|support|humain|etre humain|conseiller|conseillere|agent|operateur|responsable"
    r"|quelqu'un|personne|service client|humano|ser humano|persona|agente|asesora?|operadora?|representante|encargad[oa]"
    r"|alguien|supervisora?)\b"
)
HUMAN = re.compile(
    "|".join(
        (
            rf"\b(?:mit|zu)\s+{_WHO}.{{0,20}}\b(?:sprechen|reden|chatten|verbind\w*|durchstell\w*|telefonier\w*)",
            rf"\b(?:verbind\w*|stell\w*|leit\w*|weiterleit\w*)\b.{{0,20}}\b(?:mit|zu|an)\s+{_WHO}",
            (
                r"\b(?:will|mochte|brauche|hatte gern\w*|bitte)\s+(?:bitte\s+)?(?:einen?\s+)?(?:echten\s+|richtigen\s+)?"
                r"(?:menschen|mitarbeiter(?:in)?|berater(?:in)?)\b"
            ),
            r"\b(?:rufen sie|ruf|ruft) mich\b(?:\s+bitte)?.{0,20}\b(?:an|zuruck)\b",
            rf"\b(?:parler|discuter|echanger|communiquer|etre mis en relation)\s+(?:a|avec|au)\s+{_WHO}",
            (
                r"\b(?:je (?:veux|voudrais|souhaite)|passez[- ]moi|donnez[- ]moi|il me faut)\s+(?:un|une|le|la)\s+(?:vrai[e]?\s+)?"
                r"(?:humain|conseiller|conseillere|agent|operateur|responsable|personne)\b"
            ),
            r"\b(?:rappelez|appelez)[- ]moi\b",
            rf"\b(?:hablar|chatear|comunicar(?:me|se)?|contactar)\s+(?:con|a)\s+{_WHO}",
            (
                r"\b(?:quiero|necesito|quisiera|dame|deme|paseme|pasame con|paseme con|comuniqueme con)\s+(?:a\s+|con\s+)?(?:un|una)\s+"
                r"(?:human[oa]|persona|agente|asesora?|operadora?|representante)\b"
            ),
            r"\b(?:llamenme|llameme|llamame)\b",
            (
                r"^\W*(?:(?:ein|un|une|una)\s+)?(?:echter\s+|vrai\s+|real\s+)?(?:mensch|mitarbeiter|humain|conseiller|humano|persona|agente)"
                r"(?:\s+(?:bitte|s'?il (?:vous|te) plait|svp|stp|por favor|real))*\W*$"
            ),
            r"\b(?:kein(?:en)?|nicht mit (?:einem|dem)|pas (?:de|un|a un|avec un)|no (?:con )?(?:un|quiero un)|ningun)\s+(?:chat)?(?:bot|roboter|robot)\b",
        )
    )
)
COMPLAINT = re.compile(
    r"\b(?:verklage|anzeige erstatten|mein(?:en|em)? anwalt|verbraucherschutz|betruger|das ist betrug"
    r"|porter plainte|mon avocat|escrocs?|c'est une arnaque|mi abogado|demandarles|los voy a denunciar|es una estafa)\b"
    r"|\b(?:mochte|will) mich (?:offiziell )?beschweren\b|\b(?:mochte|will) eine beschwerde\b"
    r"|\bje (?:veux|souhaite|voudrais) (?:me plaindre|faire une reclamation)\b"
    r"|\bquiero (?:poner|presentar|hacer) una (?:queja|reclamacion)\b"
    r"|\b(?:scheiss\w*|arschloch|idioten?|verpiss dich|putain|connard|merde|ta gueule|mierda|gilipollas|hijo de puta|estupido)\b"
)
_END = r"[\s,.!?¡¿~👋👍🙏😊🙂])+$"
GREETING = re.compile(
    r"^(?:hallo|guten (?:tag|morgen|abend)|moin(?: moin)?|servus|gruss gott|gruezi|hallo zusammen|sehr geehrte damen und herren"
    r"|bonjour|bonsoir|salut|coucou|hola|buenos dias|buenas (?:tardes|noches)|buenas|buen dia|que tal|wie geht'?s|ca va"
    r"|ist (?:da )?jemand da|il y a quelqu'un|hay alguien|" + _END
)
THANKS = re.compile(
    r"^(?:danke|danke (?:schon|sehr|dir|ihnen)|dankeschon|vielen dank|besten dank|herzlichen dank|fur (?:die|ihre) (?:schnelle )?(?:hilfe|antwort|auskunft)"
    r"|das (?:war'?s|hilft(?: mir)?(?: sehr)?|hat (?:mir )?(?:sehr )?geholfen)|alles klar|super|perfekt|prima|toll|gut|ok(?:ay)?|ja"
    r"|merci(?: (?:beaucoup|bien|a vous))?|mille mercis|pour (?:votre|l')\s?aide|parfait|tres bien|super|c'est bon|c'est tout|d'accord"
    r"|(?:muchas |mil )?gracias|por (?:su|la) ayuda|perfecto|genial|vale|muy amable|de acuerdo|eso es todo|"
    + _END
)
GOODBYE = re.compile(
    r"^(?:tschuss|tschuess|tschau|ciao|auf wieder(?:sehen|horen|schauen)|bis (?:bald|dann|spater)|schonen (?:tag|abend)(?: noch)?"
    r"|(?:einen )?schonen (?:tag|abend)(?: noch)?|gute nacht|danke(?: (?:schon|sehr))?|vielen dank|ok(?:ay)?"
    r"|au revoir|a bientot|a plus(?: tard)?|bonne (?:journee|soiree|nuit)|merci(?: beaucoup)?"
    r"|adios|hasta (?:luego|pronto|la vista)|chao|nos vemos|(?:muchas )?gracias|que tenga (?:un )?buen dia|und|et|y|"
    + _END
)
ABOUT = re.compile(
    r"\b(?:bist du|sind sie|ist das|ist hier|spreche ich mit|rede ich mit|schreibe ich (?:gerade )?mit)\s+(?:hier\s+)?(?:\w+\s+){0,2}"
    r"(?:(?:chat|ro)?bot|roboter|mensch(?:en)?|maschine|computer|ki|echt)\b"
    r"|^\W*(?:wer|was) (?:bist du|sind sie)\W*$|^\W*was (?:kannst du|konnen sie)(?: alles)?(?: (?:fur mich )?tun| machen)?\W*$"
    r"|^\W*wie heisst du\W*$"
    r"|\b(?:etes[- ]vous|vous etes|es[- ]tu|tu es|est-ce que je parle a|je parle a)\s+(?:bien\s+)?(?:un|une)\s+"
    r"(?:vrai[e]?\s+)?(?:(?:chat)?bot|robot|humain|personne|machine|ia)\b|^\W*qui (?:etes[- ]vous|es[- ]tu)\W*$"
    r"|^\W*que (?:pouvez[- ]vous|peux[- ]tu) faire(?: pour moi)?\W*$"
    r"|\b(?:eres|es usted|es esto|estoy hablando con|hablo con)\s+(?:un|una)\s+(?:(?:chat)?bot|robot|human[oa]|persona|maquina|ia)\b"
    r"|^\W*quien (?:eres|es usted)\W*$|^\W*que (?:puedes|puede) hacer(?: por mi)?\W*$"
)
