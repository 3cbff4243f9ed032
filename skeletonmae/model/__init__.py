"The method: masks, STTA blocks, the masked autoencoder, and what extends them."
from . import stta_fast, tokens  # add the kernels 'fast' and 'auto', and the backbone 'tokens'
