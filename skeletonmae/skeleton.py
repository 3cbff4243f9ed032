"`skeletonmae.skeleton` lives in `skeletonmae.data.skeleton`; this name of an earlier version keeps working."
from .data.skeleton import *
