"""Alcedo Travel."""

from contactcenter.demo.packs.pack import Pack

PACK = Pack(
    name="travel",
    title={"en": "Alcedo Travel", "zh": "翠鸟旅行"},
    tagline={"en": "Straight there, and somebody to ask", "zh": "直飞到达，有人可问"},
    hero={"en": "Where would you like to wake up?", "zh": "想在哪里醒来？"},
    text={
        "en": "Direct flights from Hamburg and Berlin to eight cities, three plain fares, and plans "
        "for your days there. Ask, book, change your mind.",
        "zh": "汉堡、柏林直飞八座城市，三种简单票价，还有行程建议。可以问，可以订，也可以改主意。",
    },
    accent="#0b6e8a",
    greeting={"en": "Welcome to Alcedo Travel", "zh": "欢迎来到翠鸟旅行"},
    introduction={
        "en": "Flights, changes, bags, plans: ask away. Please never write card numbers here.",
        "zh": "航班、改签、行李、行程都可以问。请不要在这里写银行卡号。",
    },
    tries={
        "en": [
            "Which flights are there to Lisbon next Friday?",
            "I want to book a flight to Rome",
            "Move my booking to another day",
            "What should I do in Tokyo for three days?",
        ],
        "zh": [
            "下周五去里斯本有哪些航班？",
            "我想订去罗马的机票",
            "我要改签到另一天",
            "东京三天怎么玩？",
        ],
    },
    promises=(
        (
            {"en": "No price without a yes", "zh": "您同意才出票"},
            {
                "en": "We repeat flight, day and the whole price. Nothing is booked before you agree.",
                "zh": "航班、日期、总价先复述，您确认之前绝不预订。",
            },
        ),
        (
            {"en": "24 hours to think", "zh": "24 小时反悔期"},
            {
                "en": "Cancel within a day of booking, a week or more ahead, and everything is paid back.",
                "zh": "预订后一天内取消，航班在七天以后的，任何票价全额退款。",
            },
        ),
        (
            {"en": "Your booking is yours", "zh": "订单只给您看"},
            {
                "en": "We speak of it only with whoever knows its number and its e-mail address.",
                "zh": "只有同时知道订单号和邮箱的人，我们才谈论订单。",
            },
        ),
    ),
    services=(
        (
            {"en": "Flights", "zh": "机票"},
            {
                "en": "Daily within Europe, direct to Beijing and Tokyo.",
                "zh": "欧洲每日航班，直飞北京和东京。",
            },
        ),
        (
            {"en": "Changes", "zh": "改签"},
            {
                "en": "Another day until three hours before departure, from 0 €.",
                "zh": "起飞前三小时可改期，0 欧元起。",
            },
        ),
        (
            {"en": "Plans", "zh": "行程"},
            {
                "en": "What to do with your days, half a day at a time.",
                "zh": "每天怎么安排，半天半天地告诉您。",
            },
        ),
    ),
    facts_text={
        "en": "A booking is shown only to whoever knows both.",
        "zh": "同时说出这两项，才能看到订单。",
    },
    facts=(
        ({"en": "Name", "zh": "姓名"}, {"en": "Nora Lindqvist", "zh": "Nora Lindqvist"}),
        ({"en": "Booking", "zh": "订单号"}, {"en": "AT-40112", "zh": "AT-40112"}),
        (
            {"en": "E-mail", "zh": "邮箱"},
            {"en": "nora.lindqvist@example.com", "zh": "nora.lindqvist@example.com"},
        ),
    ),
    mail="service@alcedo.example",
    phone="+49 40 66969 340",
)
