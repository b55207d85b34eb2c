"""The Linden Practice."""

from contactcenter.demo.packs.pack import Pack

PACK = Pack(
    name="health",
    title={"en": "Linden Practice", "zh": "椴树诊所"},
    tagline={"en": "Doctors around the corner", "zh": "街角的医生"},
    hero={"en": "An appointment without the queue on the phone.", "zh": "预约看病，不用占线等待。"},
    text={
        "en": "Book and cancel appointments, ask for a repeat prescription, read how things are done "
        "here. This chat gives no medical advice. In an emergency call 112.",
        "zh": "预约和取消门诊、续开处方、了解就诊流程。本聊天不提供医疗建议，紧急情况请拨打 112。",
    },
    accent="#0f6b66",
    greeting={"en": "Welcome to the Linden Practice", "zh": "欢迎来到椴树诊所"},
    introduction={
        "en": "An automatic assistant answers first. It is no doctor and gives no medical advice. "
        "In an emergency call 112 at once.",
        "zh": "首先由自动助手回答。它不是医生，不提供医疗建议。紧急情况请立即拨打 112。",
    },
    tries={
        "en": [
            "I need an appointment",
            "I need a repeat prescription",
            "When are you open?",
        ],
        "zh": ["我要预约看病", "我要续开处方", "你们几点开门？"],
    },
    promises=(
        (
            {"en": "112 comes first", "zh": "紧急情况先打 112"},
            {
                "en": "Who writes of an emergency is told so at once, and a person takes over.",
                "zh": "遇到紧急字眼，立即提示拨打 112，并转人工。",
            },
        ),
        (
            {"en": "What is yours stays yours", "zh": "隐私只属于您"},
            {
                "en": "Before we speak of medicines we ask who you are.",
                "zh": "谈到用药之前，我们先核实身份。",
            },
        ),
        (
            {"en": "A time that holds", "zh": "约了就算数"},
            {
                "en": "Booked is booked; you can cancel until the day before, free of charge.",
                "zh": "预约即生效，前一天之前可免费取消。",
            },
        ),
    ),
    services=(
        (
            {"en": "General practice", "zh": "全科"},
            {"en": "Dr Anna Weiss and Dr Tobias Brandt.", "zh": "魏安娜医生、勃兰特医生。"},
        ),
        (
            {"en": "Children", "zh": "儿科"},
            {"en": "Dr Mei Chen, from birth to 18.", "zh": "陈梅医生，出生到 18 岁。"},
        ),
        (
            {"en": "Skin and physiotherapy", "zh": "皮肤科与理疗"},
            {"en": "Dr Luca Ferri and Jule Hartmann.", "zh": "费里医生、哈特曼治疗师。"},
        ),
    ),
    facts_text={
        "en": "The practice asks for these before it speaks of medicines.",
        "zh": "谈及用药之前，诊所会核实这些信息。",
    },
    facts=(
        ({"en": "Name", "zh": "姓名"}, {"en": "Sofia Lindqvist", "zh": "Sofia Lindqvist"}),
        ({"en": "Patient number", "zh": "患者编号"}, {"en": "LP-40112", "zh": "LP-40112"}),
        ({"en": "Date of birth", "zh": "出生日期"}, {"en": "9 March 1984", "zh": "1984-03-09"}),
        ({"en": "End of the insurance card", "zh": "医保卡后四位"}, {"en": "7731", "zh": "7731"}),
    ),
    mail="desk@linden.example",
    phone="+49 40 5550 770",
    caution=3.0,
)
