"""A language model of a few thousand random weights, in the hub's form, that trains in a second."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, LlamaConfig

from bots.language.prompt import RULES

THINGS = (
    ("kettle", "kitchen", 4), ("tent", "garden", 7), ("lamp", "hall", 9), ("rope", "cellar", 12),
    ("boots", "attic", 15), ("stove", "yard", 21), ("map", "library", 24), ("rug", "parlour", 33),
    ("bench", "park", 41), ("flute", "theatre", 52), ("sledge", "barn", 63), ("piano", "school", 74),
)  # fmt: skip
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def lines() -> list[dict[str, str]]:
    """Twelve examples about things that nobody confuses."""
    return [
        {
            "title": f"The {thing}",
            "question": f"How long may I keep the {thing} of the {place}?",
            "context": f"The {thing} of the {place} may be kept for {days} days. Ask before you sell it.",
            "answer": f"The {thing} of the {place} may be kept for {days} days.",
        }
        for thing, place, days in THINGS
    ]


def written(folder: Path) -> Path:
    """The file of the examples."""
    file = folder / "examples.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines()), encoding="utf-8")
    return file


def model(folder: Path) -> Path:
    """The folder of the model."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.BPE())
    made: Any = tokenizer
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = ["<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([RULES, *(" ".join(one.values()) for one in lines())], trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    told = {"eos_token": "<|im_end|>", "chat_template": TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    torch.manual_seed(1)
    made_up: Any = AutoModelForCausalLM
    small = made_up.from_config(
        LlamaConfig(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=1,
            max_position_embeddings=1024,
            eos_token_id=tokenizer.token_to_id("<|im_end|>"),
            tie_word_embeddings=True,
        )
    )
    small.half().save_pretrained(folder)
    return folder
