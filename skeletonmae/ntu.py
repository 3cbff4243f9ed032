"""`skeletonmae.ntu` lives in `skeletonmae.data.ntu`; this name of an earlier version keeps working.

Its `read_skeleton` is the fast reader of `skeletonmae.data.ntu_fast`, as it always was."""
from .data.ntu import *
from .data.ntu_fast import read_skeleton_fast as read_skeleton
