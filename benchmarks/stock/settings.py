"""Django and Channels with nothing but a chat: the anchor, not the product."""

import os

SECRET_KEY = "for a benchmark on loopback only"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = ["daphne", "channels", "benchmarks.stock"]
ASGI_APPLICATION = "benchmarks.stock.asgi.application"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["STOCK_DATABASE"],
        "USER": os.environ["STOCK_USER"],
        "HOST": os.environ["STOCK_HOST"],
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [os.environ["STOCK_VALKEY"]], "prefix": "stock"},
    }
}
USE_TZ = True
