"`skeletonmae.clips` lives in `skeletonmae.data.clips`; this name of an earlier version keeps working."
from .data.clips import *
