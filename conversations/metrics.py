"""What operators watch: counted here, shown at /metrics."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("contactcenter_messages_total", "Messages stored", ["author"])
POST_SECONDS = Histogram(
    "contactcenter_post_seconds",
    "From a frame's arrival to its acknowledgement",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
BATCH = Histogram(
    "contactcenter_post_batch_messages",
    "Messages stored by one statement",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
)
SOCKETS = Gauge("contactcenter_sockets", "Open sockets", ["kind"], multiprocess_mode="livesum")
REFUSED = Counter("contactcenter_refused_frames_total", "Frames answered with an error", ["code"])
ANSWER_SECONDS = Histogram(
    "contactcenter_bot_answer_seconds",
    "From the customer's message to the bot's stored answer",
    buckets=(0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 13, 21),
)
FIRST_WORD_SECONDS = Histogram(
    "contactcenter_bot_first_word_seconds",
    "From the start of the bot's turn to its first words",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 8),
)
TOKENS = Counter("contactcenter_bot_tokens_total", "Tokens written by the model")
DECISIONS = Counter("contactcenter_bot_decisions_total", "What the bot decided", ["decision"])
DEGRADED = Counter(
    "contactcenter_bot_degraded_total",
    "Turns in which the bot did less than it can",
    ["step", "why"],
)
HANDED_OVER = Counter(
    "contactcenter_bot_handoffs_total", "Turns in which the bot asked for a person", ["reason"]
)
SILENCES = Counter(
    "contactcenter_bot_silences_total", "What was done when a customer fell silent", ["outcome"]
)
WAITING = Gauge(
    "contactcenter_waiting", "Customers waiting", ["queue"], multiprocess_mode="mostrecent"
)
