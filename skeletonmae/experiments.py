"`skeletonmae.experiments` lives in `skeletonmae.compare.experiments`; this name of an earlier version keeps working."
from .compare.experiments import *
