"""A tiny model of transformers made on the spot: a few layers taught one reply to one prompt, so that what it says is known."""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

END = "<|fin|>"
TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }}\n{{ m['content'] }}\n"
    + END
    + "{% endfor %}{% if add_generation_prompt %}assistant\n{% endif %}"
)


def make_model(folder, system, user, reply):
    """Save a model and its tokenizer that answer this prompt with this reply; return the loss that is left."""
    torch.manual_seed(7)
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=700, special_tokens=[END], initial_alphabet=alphabet, show_progress=False)
    raw.train_from_iterator([system, user, reply], trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, eos_token=END, pad_token=END)
    tokenizer.chat_template = TEMPLATE
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    asked = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    prompt = tokenizer(asked, add_special_tokens=False)["input_ids"]
    answer = [*tokenizer(reply, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=8192,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )
    model = LlamaForCausalLM(config)
    ids = torch.tensor([prompt + answer])
    labels = torch.tensor([[-100] * len(prompt) + answer])
    optimiser = torch.optim.AdamW(model.parameters(), lr=4e-3)
    loss = 9.0
    for _ in range(300):
        output = model(input_ids=ids, labels=labels)
        optimiser.zero_grad()
        output.loss.backward()
        optimiser.step()
        loss = output.loss.item()
        if loss < 0.01:
            break
    model.generation_config.do_sample = False
    model.eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return loss
