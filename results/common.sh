# What the scripts of results share; each sets out and, for its runs, recipe.
clips() { # DATASET FILE NAME: the store, once
    [ -f "$out/$3/meta.json" ] || skeletonmae prepare "$1" "$2" --out "$out/$3"
}
run() { # COMMAND NAME options…: on the clips of $store, once
    local command=$1 name=$2; shift 2
    [ -f "$out/$name/metrics.json" ] || skeletonmae "$command" "$out/${store:-clips}" --out "$out/$name" --overwrite "${recipe[@]}" "$@"
}
