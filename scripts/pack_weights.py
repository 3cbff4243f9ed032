"""Makes skeletonmae/weights/NAME from a run of pretrain_tokens: python scripts/pack_weights.py RUN NAME

Encoder weights alone, config.json and metrics.json without what only the training needed, and a model card whose figures
are filled in by hand; a card that is there stays, but with --new-card."""
from argparse import ArgumentParser
from skeletonmae.core import SkeletonMAEError
from skeletonmae.train.pretrained import models, models_text
from skeletonmae.train.universal import pack_weights

def main():
    p = ArgumentParser(description='Make the folder of a model in the package from a run.')
    p.add_argument('run'); p.add_argument('name')
    p.add_argument('--licence', default='Apache-2.0', help='of the weights: Apache-2.0, CC BY-NC 4.0')
    p.add_argument('--new-card', action='store_true', help='write a new model card where there is one')
    o = p.parse_args()
    try: pack_weights(o.run, o.name, licence=o.licence, new_card=o.new_card)
    except SkeletonMAEError as e: p.exit(1, f'{e}\n')
    print(models_text(models()))

if __name__ == '__main__': main()
