"`skeletonmae.ntu` lives in `skeletonmae.data.ntu`; this name of an earlier version keeps working."
from .data.ntu import *
