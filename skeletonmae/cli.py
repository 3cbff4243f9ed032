"`skeletonmae.cli` lives in `skeletonmae.app.cli`; this name of an earlier version keeps working."
from .app.cli import main
