"""From text to the written form: characters, tokens, grammar, names, shapes."""
