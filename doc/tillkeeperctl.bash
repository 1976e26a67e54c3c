# SPDX-License-Identifier: GPL-3.0-or-later
# What bash completes after tillkeeperctl.
_tillkeeperctl ()
{
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local global='--profile --json --verbose --help --version'
  local command= i

  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --profile) i=$((i + 1)) ;;
      -*) ;;
      *) command=${COMP_WORDS[i]}; break ;;
    esac
  done

  COMPREPLY=()
  case $previous in
    --profile|--password-fd) return ;;
  esac

  case $command,$word in
    ,-*) mapfile -t COMPREPLY < <(compgen -W "$global" -- "$word") ;;
    ,*) mapfile -t COMPREPLY < <(compgen -W 'inspect' -- "$word") ;;
    inspect,-*) mapfile -t COMPREPLY < <(compgen -W "--password-fd --details $global" -- "$word") ;;
    inspect,*) compopt -o filenames 2> /dev/null
               mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}

complete -F _tillkeeperctl tillkeeperctl
