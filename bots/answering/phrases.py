"""The bot's own sentences, in the customer's language; articles say everything else."""

_PHRASES = {
    "one_of": {
        "en": "I found more than one article that may help. Is it about {options}?",
        "zh": "我找到几篇可能有用的文章，您是想了解{options}吗？",
        "de": "Ich habe mehrere passende Artikel gefunden. Geht es um {options}?",
        "fr": "J'ai trouvé plusieurs articles utiles. S'agit-il de {options} ?",
        "es": "He encontrado varios artículos que pueden ayudar. ¿Se trata de {options}?",
    },
    # What a customer may press instead; `wishes` must take each for the wish that it is.
    "person": {
        "en": "Talk to a person",
        "zh": "转人工",
        "de": "Mit einem Menschen sprechen",
        "fr": "Parler à une personne",
        "es": "Hablar con una persona",
    },
    "comma": {"en": ", ", "zh": "、"},
    "or": {"en": " or ", "zh": "还是", "de": " oder ", "fr": " ou ", "es": " o "},
    "greeting": {
        "en": "Hello! What can I help you with?",
        "zh": "您好！请问有什么可以帮您？",
        "de": "Hallo! Wobei kann ich Ihnen helfen?",
        "fr": "Bonjour ! En quoi puis-je vous aider ?",
        "es": "¡Hola! ¿En qué puedo ayudarle?",
    },
    "greeting_called": {
        "en": "Hello {called}! What can I help you with?",
        "zh": "{called}，您好！请问有什么可以帮您？",
        "de": "Hallo {called}! Wobei kann ich Ihnen helfen?",
        "fr": "Bonjour {called} ! En quoi puis-je vous aider ?",
        "es": "¡Hola, {called}! ¿En qué puedo ayudarle?",
    },
    "about_bot": {
        "en": "I'm an automatic assistant: I answer from our help articles, day and night. Say so whenever you would rather have a person. What can I help you with?",
        "zh": "我是自动客服助手，根据我们的帮助文章为您解答，全天都在。想找人工时请随时告诉我。请问有什么可以帮您？",
        "de": "Ich bin ein automatischer Assistent und antworte aus unseren Hilfeartikeln, rund um die Uhr. Sagen Sie einfach, wenn Sie lieber mit einem Menschen sprechen. Wobei kann ich helfen?",
        "fr": "Je suis un assistant automatique : je réponds d'après nos articles d'aide, jour et nuit. Dites-le-moi si vous préférez une personne. En quoi puis-je vous aider ?",
        "es": "Soy un asistente automático: respondo a partir de nuestros artículos de ayuda, día y noche. Dígamelo cuando prefiera hablar con una persona. ¿En qué puedo ayudarle?",
    },
    "thanks": {
        "en": "You're welcome! Is there anything else I can help you with?",
        "zh": "不客气！还有什么可以帮您的吗？",
        "de": "Gern geschehen! Kann ich Ihnen noch mit etwas helfen?",
        "fr": "Je vous en prie ! Puis-je vous aider pour autre chose ?",
        "es": "¡De nada! ¿Puedo ayudarle con algo más?",
    },
    "goodbye": {
        "en": "Thank you for writing. Goodbye!",
        "zh": "感谢您的咨询，再见！",
        "de": "Danke für Ihre Nachricht. Auf Wiedersehen!",
        "fr": "Merci de votre message. Au revoir !",
        "es": "Gracias por escribirnos. ¡Hasta luego!",
    },
    "did_it_help": {
        "en": "Did that help you? If anything is still open, just write it here.",
        "zh": "这样解决您的问题了吗？如果还有疑问，请直接在这里留言。",
        "de": "Hat Ihnen das geholfen? Wenn noch etwas offen ist, schreiben Sie es einfach hier.",
        "fr": "Cela vous a-t-il aidé ? S'il reste une question, écrivez-la simplement ici.",
        "es": "¿Le ha servido? Si queda alguna duda, escríbala aquí.",
    },
    "closing": {
        "en": "I'm closing our conversation for now. Write again whenever you like.",
        "zh": "本次对话先到这里，您可以随时再来留言。",
        "de": "Ich schließe unser Gespräch vorerst. Schreiben Sie jederzeit wieder.",
        "fr": "Je clos notre conversation pour l'instant. Écrivez-nous quand vous voulez.",
        "es": "Cierro nuestra conversación por ahora. Escriba cuando quiera.",
    },
    "unclear": {
        "en": "Sorry, I didn't understand that. Could you tell me in a few words what you need?",
        "zh": "抱歉，我没有看懂。能用几句话说说您需要什么吗？",
        "de": "Das habe ich leider nicht verstanden. Können Sie mir in ein paar Worten sagen, was Sie brauchen?",
        "fr": "Désolé, je n'ai pas compris. Pouvez-vous me dire en quelques mots ce dont vous avez besoin ?",
        "es": "Lo siento, no lo he entendido. ¿Puede decirme en pocas palabras qué necesita?",
    },
    "asked": {
        "en": "Of course. I'm asking a colleague to help you.",
        "zh": "好的，正在请同事来帮您。",
        "de": "Natürlich. Ich bitte jemanden aus dem Team, Ihnen zu helfen.",
        "fr": "Bien sûr. Je demande à un collègue de vous aider.",
        "es": "Por supuesto. Voy a pedir a un compañero que le ayude.",
    },
    "complaint": {
        "en": "I'm sorry about that. I'm asking a colleague to look at it with you.",
        "zh": "非常抱歉给您带来不便，正在请同事来为您处理。",
        "de": "Das tut mir leid. Ich bitte jemanden aus dem Team, sich das mit Ihnen anzusehen.",
        "fr": "Je suis désolé. Je demande à un collègue d'examiner cela avec vous.",
        "es": "Lo siento. Voy a pedir a un compañero que lo revise con usted.",
    },
    "unsure": {
        "en": "I'm not sure about this one, so I'm asking a colleague to help you.",
        "zh": "这个问题我没有把握，正在请同事来帮您。",
        "de": "Hier bin ich nicht sicher, deshalb bitte ich jemanden aus dem Team um Hilfe.",
        "fr": "Je n'en suis pas certain, je demande donc à un collègue de vous aider.",
        "es": "No estoy seguro de esto, así que voy a pedir a un compañero que le ayude.",
    },
    "loop": {
        "en": "I can't tell you more than I have, so I'm asking a colleague to help you.",
        "zh": "我能说的已经都说了，正在请同事来帮您。",
        "de": "Mehr kann ich Ihnen dazu nicht sagen, deshalb bitte ich jemanden aus dem Team um Hilfe.",
        "fr": "Je ne peux pas vous en dire plus, je demande donc à un collègue de vous aider.",
        "es": "No puedo decirle más, así que voy a pedir a un compañero que le ayude.",
    },
    "part": {
        "en": "About “{rest}” I'm asking a colleague to help you.",
        "zh": "关于“{rest}”，正在请同事来帮您。",
        "de": "Zu „{rest}“ bitte ich jemanden aus dem Team um Hilfe.",
        "fr": "Pour « {rest} », je demande à un collègue de vous aider.",
        "es": "Sobre «{rest}», voy a pedir a un compañero que le ayude.",
    },
    "rest": {
        "en": "With the rest I'm asking a colleague to help you.",
        "zh": "其余的问题，正在请同事来帮您。",
        "de": "Für alles Übrige bitte ich jemanden aus dem Team um Hilfe.",
        "fr": "Pour le reste, je demande à un collègue de vous aider.",
        "es": "Para lo demás, voy a pedir a un compañero que le ayude.",
    },
    "foreign": {
        "en": "This is from an article that exists only in {other}:",
        "zh": "这段内容来自一篇只有{other}版的文章：",
        "de": "Das steht in einem Artikel, den es nur auf {other} gibt:",
        "fr": "Cela vient d'un article qui n'existe qu'en {other} :",
        "es": "Esto es de un artículo que solo existe en {other}:",
    },
    "translated": {
        "en": "(From an article that exists only in {other}.)",
        "zh": "（依据一篇只有{other}版的文章。）",
        "de": "(Nach einem Artikel, den es nur auf {other} gibt.)",
        "fr": "(D'après un article qui n'existe qu'en {other}.)",
        "es": "(Según un artículo que solo existe en {other}.)",
    },
}
_ALIKE = {
    "no_article": "unsure",
    "low_chance": "unsure",
    "person_free": "unsure",
    "out_of_scope": "unsure",
    "unsupported": "unsure",
    "policy": "unsure",
    "frustrated": "complaint",
}

# What languages are called in each of the languages that the bot speaks.
_NAMES = {
    "en": "English Chinese German French Spanish Italian Portuguese Dutch Russian Japanese Korean Arabic",
    "zh": "英文 中文 德文 法文 西班牙文 意大利文 葡萄牙文 荷兰文 俄文 日文 韩文 阿拉伯文",
    "de": "Englisch Chinesisch Deutsch Französisch Spanisch Italienisch Portugiesisch Niederländisch Russisch Japanisch Koreanisch Arabisch",
    "fr": "anglais chinois allemand français espagnol italien portugais néerlandais russe japonais coréen arabe",
    "es": "inglés chino alemán francés español italiano portugués neerlandés ruso japonés coreano árabe",
}
_ORDER = ("en", "zh", "de", "fr", "es", "it", "pt", "nl", "ru", "ja", "ko", "ar")


def phrase(name: str, language: str, **values: str) -> str:
    """The sentence in the language of the conversation, else in English. Reasons without words of
    their own have those of a like one."""
    texts = _PHRASES[_ALIKE.get(name, name)]
    return texts.get(_base(language), texts["en"]).format(**values)


def language_name(code: str, language: str) -> str:
    """What the language `code` is called in `language`, else in English; the code if it has no name here."""
    names = _NAMES.get(_base(language), _NAMES["en"]).split()
    code = _base(code)
    return names[_ORDER.index(code)] if code in _ORDER else code


def speaks(language: str) -> bool:
    """Whether the bot has its own sentences in this language."""
    return _base(language) in _NAMES


def _base(language: str) -> str:
    return language.lower().split("-")[0]
