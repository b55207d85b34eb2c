"""Kestrel Mobile."""

from contactcenter.demo.packs.pack import Pack

PACK = Pack(
    name="telecom",
    title={"en": "Kestrel Mobile", "zh": "红隼通信"},
    tagline={"en": "Plans that say what they cost", "zh": "资费明明白白"},
    hero={
        "en": "Change your plan in the time it takes to ask.",
        "zh": "问一句话的工夫，就能换套餐。",
    },
    text={
        "en": "Look at your plan, change it, ask what is wrong with the network where you are, or tell "
        "us what went wrong. At any hour.",
        "zh": "查套餐、换套餐、查网络故障，或者告诉我们哪里没做好，随时都行。",
    },
    accent="#6b3fa0",
    greeting={"en": "Welcome to Kestrel Mobile", "zh": "欢迎来到红隼通信"},
    introduction={
        "en": "Plans, bills, network: ask us anything.",
        "zh": "套餐、账单、网络，有问题尽管问。",
    },
    tries={
        "en": ["I want to change my plan", "My internet is down", "I want to complain"],
        "zh": ["我想换套餐", "我家网络断了", "我要投诉"],
    },
    promises=(
        (
            {"en": "A change costs nothing", "zh": "换套餐不收费"},
            {
                "en": "To a dearer plan at any time, to a cheaper one when the bound time is over.",
                "zh": "升级随时可办，降级在合约期满后可办。",
            },
        ),
        (
            {"en": "We say what is broken", "zh": "故障不隐瞒"},
            {
                "en": "Your postcode is enough: what is wrong, why, and until when.",
                "zh": "告诉我们邮编就行：哪里坏了、为什么、何时修好。",
            },
        ),
        (
            {"en": "A complaint gets a number", "zh": "投诉必有编号"},
            {
                "en": "And an answer from a person within ten working days.",
                "zh": "十个工作日内由专人答复。",
            },
        ),
    ),
    services=(
        (
            {"en": "Glide 5 and Glide 20", "zh": "轻翼 5 与轻翼 20"},
            {"en": "9.99 € and 16.99 € a month.", "zh": "每月 9.99 欧元和 16.99 欧元。"},
        ),
        (
            {"en": "Soar 60", "zh": "翱翔 60"},
            {"en": "60 GB with 5G for 24.99 € a month.", "zh": "60 GB，5G，每月 24.99 欧元。"},
        ),
        (
            {"en": "Soar Max", "zh": "翱翔无限"},
            {"en": "As much as you like for 39.99 € a month.", "zh": "不限流量，每月 39.99 欧元。"},
        ),
    ),
    facts_text={
        "en": "For plans, Kestrel asks for these; for outages a postcode is enough.",
        "zh": "办理套餐需要核实这些信息；查故障只需邮编。",
    },
    facts=(
        ({"en": "Name", "zh": "姓名"}, {"en": "Noah Fischer", "zh": "Noah Fischer"}),
        ({"en": "Customer number", "zh": "客户号"}, {"en": "KM-310042", "zh": "KM-310042"}),
        ({"en": "Hotline PIN", "zh": "热线密码"}, {"en": "60417", "zh": "60417"}),
        (
            {"en": "Postcode with an outage", "zh": "有故障的邮编"},
            {"en": "20144", "zh": "20144"},
        ),
        (
            {"en": "Postcode without one", "zh": "没有故障的邮编"},
            {"en": "10115", "zh": "10115"},
        ),
    ),
    mail="help@kestrel.example",
    phone="+49 30 5550 440",
)
