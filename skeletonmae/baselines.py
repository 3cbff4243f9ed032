"`skeletonmae.baselines` lives in `skeletonmae.compare.baselines`; this name of an earlier version keeps working."
from .compare.baselines import *
