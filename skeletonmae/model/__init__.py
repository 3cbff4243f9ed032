"The method: masks, STTA blocks, the masked autoencoder, and what extends them."
from . import stta_fast  # adds the kernels 'fast' and 'auto'
