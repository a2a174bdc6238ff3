#!/bin/sh
# Prints the name of every preset, one per line; of presets with equal settings only the first.
"$(dirname "$0")/../build/hakmem_info" |
    sed -n '/"presets"/,/\]/s/^ *{"name": "\([^"]*\)".*"environment": \(.*\)/\1 \2/p' | sed 's/,$//' |
    awk '{ name = $1; $1 = "" } !seen[$0]++ { print name }'
