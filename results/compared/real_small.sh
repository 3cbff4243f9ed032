#!/usr/bin/env bash
# real.sh run small: one seed, the rows on tokens, half a minute of pretraining and of fine-tuning, no search; its files stay in
# FOLDER: bash real_small.sh FOLDER [options of reproduce]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
SEARCH=no COPY_TO=$1 bash "$here/real.sh" "$1" --seeds 1 --minutes 0.5 --tune-minutes 0.5 \
    --rows scratch-tokens,mamp-tokens,views,universal --labels '1 a class,10 %' "${@:2}"
