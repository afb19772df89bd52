#!/usr/bin/env bash
# What kubectl asks to complete `kubectl tagma ...`: one suggestion a line, then :4, which keeps file names out.
self=$(readlink -f "${BASH_SOURCE[0]}" 2>/dev/null || echo "${BASH_SOURCE[0]}")
# shellcheck disable=SC1090 # the program writes it
source <("$(dirname "$self")/tagma" completion bash)
COMP_WORDS=(tagma "$@")
COMP_CWORD=$#
COMP_LINE="${COMP_WORDS[*]}"
COMP_POINT=${#COMP_LINE}
COMPREPLY=()
_complete_tagma 2>/dev/null
printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} :4
