"""Northbridge Bank."""

from contactcenter.demo.packs.pack import Pack

PACK = Pack(
    name="banking",
    title={"en": "Northbridge Bank", "zh": "北桥银行"},
    tagline={"en": "A bank that answers", "zh": "有问必答的银行"},
    hero={"en": "Your money, and somebody to ask.", "zh": "您的钱，有人可问。"},
    text={
        "en": "Balances, cards, transfers and loans, at any hour. Before we say anything about your "
        "accounts we make sure that it is you.",
        "zh": "余额、卡片、转账、贷款，随时都可以办理。谈到您的账户之前，我们会先核实您的身份。",
    },
    accent="#1f4e79",
    greeting={"en": "Welcome to Northbridge Bank", "zh": "欢迎来到北桥银行"},
    introduction={
        "en": "Ask us anything. Please never write a whole card number, a PIN or a password here.",
        "zh": "有什么问题都可以问。请不要在这里写完整卡号、密码或 PIN。",
    },
    tries={
        "en": ["What is my balance?", "I have lost my card", "Where is my transfer?"],
        "zh": ["我的余额是多少？", "我的卡丢了", "我的转账到哪了？"],
    },
    promises=(
        (
            {"en": "A card is blocked at once", "zh": "挂失立即生效"},
            {
                "en": "Day and night, in the chat. From that moment you are not liable.",
                "zh": "聊天窗口全天可办，从那一刻起的损失不由您承担。",
            },
        ),
        (
            {"en": "No fees that hide", "zh": "没有隐藏费用"},
            {
                "en": "The current account is free from 700 € a month, else 3.90 €.",
                "zh": "每月入账满 700 欧元免账户费，否则 3.90 欧元。",
            },
        ),
        (
            {"en": "First we ask who you are", "zh": "先核实，再办理"},
            {
                "en": "Three wrong tries, and a person takes over.",
                "zh": "三次核实不符，就转由人工处理。",
            },
        ),
    ),
    services=(
        (
            {"en": "Accounts", "zh": "账户"},
            {
                "en": "Current and savings accounts, opened in ten minutes.",
                "zh": "往来账户和储蓄账户，十分钟开户。",
            },
        ),
        (
            {"en": "Cards", "zh": "卡片"},
            {
                "en": "Debit and credit, blocked and replaced when you say so.",
                "zh": "借记卡和信用卡，随时挂失补办。",
            },
        ),
        (
            {"en": "Loans", "zh": "贷款"},
            {
                "en": "1,000 to 50,000 €, decided within two working days.",
                "zh": "1,000 到 50,000 欧元，两个工作日内答复。",
            },
        ),
    ),
    facts_text={
        "en": "The bank asks for these before it says anything private.",
        "zh": "涉及隐私之前，银行会核实这些信息。",
    },
    facts=(
        ({"en": "Name", "zh": "姓名"}, {"en": "Clara Brandt", "zh": "Clara Brandt"}),
        ({"en": "Customer number", "zh": "客户号"}, {"en": "NB-204817", "zh": "NB-204817"}),
        ({"en": "Date of birth", "zh": "出生日期"}, {"en": "12 April 1988", "zh": "1988-04-12"}),
        ({"en": "Telephone code", "zh": "电话验证码"}, {"en": "48291", "zh": "48291"}),
        (
            {"en": "A transfer of hers", "zh": "她的一笔转账"},
            {"en": "TR-700101", "zh": "TR-700101"},
        ),
    ),
    mail="service@northbridge.example",
    phone="+49 69 5550 120",
    caution=2.0,
)
