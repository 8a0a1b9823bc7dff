"""Words: what the model found, codes and figures, said in sentences of the language of Settings."""
