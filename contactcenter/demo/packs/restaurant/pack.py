"""Lantern House."""

from contactcenter.demo.packs.pack import Pack

PACK = Pack(
    name="restaurant",
    title={"en": "Lantern House", "zh": "灯笼小馆"},
    tagline={"en": "Two red lanterns by the water", "zh": "水边两盏红灯笼"},
    hero={"en": "Come hungry. Leave slowly.", "zh": "饿着来，慢慢走。"},
    text={
        "en": "Dumplings folded in the morning, fish from the auction, a pot of tea that is filled "
        "again. Ask what is in a dish, book a table, order for home.",
        "zh": "早上现包的饺子，拍卖行的鲜鱼，一壶续不完的茶。可以问菜里有什么，订位，也可以点外卖。",
    },
    accent="#a3312b",
    greeting={"en": "Welcome to Lantern House", "zh": "欢迎来到灯笼小馆"},
    introduction={
        "en": "The menu, tables, orders and payments: ask away. With a severe allergy please talk "
        "to a person.",
        "zh": "菜单、订位、外卖、付款都可以问。严重过敏请联系人工。",
    },
    tries={
        "en": [
            "What can vegans eat?",
            "A table for two on Saturday at 19:00",
            "I want to order food",
            "Did my payment go through?",
        ],
        "zh": ["有什么纯素的菜？", "周六晚上七点订两位", "我要点外卖", "我的付款成功了吗？"],
    },
    promises=(
        (
            {"en": "Nothing is cooked unasked", "zh": "您确认才下单"},
            {
                "en": "Every dish, the fee and the whole sum are repeated. Then you say yes.",
                "zh": "每道菜、配送费和总价先复述，您确认才下单。",
            },
        ),
        (
            {"en": "What is in it", "zh": "菜里有什么"},
            {
                "en": "Fourteen allergens for every dish; the cook decides what is safe for you.",
                "zh": "每道菜标注十四类过敏原，是否安全由厨师判断。",
            },
        ),
        (
            {"en": "A third for walk-ins", "zh": "三分之一留给散客"},
            {
                "en": "And if there is a wait, we send a message to the water's edge.",
                "zh": "要等位时，我们发短信到水边找您。",
            },
        ),
    ),
    services=(
        (
            {"en": "Tables", "zh": "订位"},
            {
                "en": "For one to eight, from an hour to 60 days ahead.",
                "zh": "一到八人，提前一小时到 60 天。",
            },
        ),
        (
            {"en": "Orders", "zh": "外卖"},
            {
                "en": "Collected in 25 minutes, or brought by cargo bicycle.",
                "zh": "25 分钟自取，或由货运自行车送到。",
            },
        ),
        (
            {"en": "Parties", "zh": "宴会"},
            {
                "en": "An upper room for 14 to 30, and catering for 120.",
                "zh": "楼上包间坐 14 到 30 人，外烩可达 120 人。",
            },
        ),
    ),
    facts_text={
        "en": "An order or a reservation is shown only to whoever knows its number and the address.",
        "zh": "同时说出号码和邮箱，才能看到订单或预订。",
    },
    facts=(
        ({"en": "Name", "zh": "姓名"}, {"en": "Marta Keller", "zh": "Marta Keller"}),
        ({"en": "Order", "zh": "订单号"}, {"en": "LH-20318", "zh": "LH-20318"}),
        ({"en": "Reservation", "zh": "订位号"}, {"en": "T-30112", "zh": "T-30112"}),
        (
            {"en": "E-mail", "zh": "邮箱"},
            {"en": "marta.keller@example.com", "zh": "marta.keller@example.com"},
        ),
    ),
    mail="table@lanternhouse.example",
    phone="+49 40 66969 520",
    caution=1.5,
)
