"`skeletonmae.mae` lives in `skeletonmae.model.mae`; this name of an earlier version keeps working."
from .model.mae import *
