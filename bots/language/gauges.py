"""What operators watch of the language model, at /metrics."""

from prometheus_client import Counter, Gauge, Histogram

RUNNING = Gauge(
    "contactcenter_model_running",
    "Answers that the language model writes now",
    multiprocess_mode="livesum",
)
WAITING = Gauge(
    "contactcenter_model_waiting",
    "Answers that wait for the language model",
    multiprocess_mode="livesum",
)
TOKENS = Counter("contactcenter_model_tokens_total", "Tokens that the language model wrote")
READ = Counter(
    "contactcenter_model_prompt_tokens_total", "Tokens of prompts", ["how"]
)  # computed, or remembered from an earlier prompt that began alike
FIRST_TOKEN = Histogram(
    "contactcenter_model_first_token_seconds",
    "From a request to the language model to its first token",
    buckets=(0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8),
)
REFUSED = Counter("contactcenter_model_refused_total", "Requests refused because it was busy")
FEELINGS = Counter(
    "contactcenter_feelings_total",
    "Customers' messages that were read for how they feel",
    ["label"],
)
FEELINGS_SECONDS = Histogram(
    "contactcenter_feelings_seconds",
    "How long a batch of messages took to read",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
