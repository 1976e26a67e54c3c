# SPDX-License-Identifier: GPL-3.0-or-later
# What bash completes after tillkeeperctl.
_tillkeeperctl ()
{
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local global='--profile --json --verbose --help --version'
  local command= sub= words= options= i

  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --profile) i=$((i + 1)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else sub=${COMP_WORDS[i]}; break; fi ;;
    esac
  done

  COMPREPLY=()
  case $previous in
    --ca|--output) compopt -o filenames 2> /dev/null
                   mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --state) compopt -o filenames 2> /dev/null
             mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    --environment) words='practice test live' ;;
    --source) words='wallet hub files all' ;;
    --enabled) words='true false' ;;
    --repeat-lost) words='on off' ;;
    --devices-signature) words='http-signature jwt' ;;
    --direction) words='ASC DESC' ;;
    --algorithm) words='JWE JWT RSA DUKPT' ;;
    --format) if [[ $command == check ]]; then words='text json prometheus ics'; else words='pem der json'; fi ;;
    --profile|--password-fd|--code-fd|--pos-id|--serial|--secret-fd|--hub-*|--wallet-*|--devices-*|--vendor|--order|--name|--comment) return ;;
    --key-id|--used-for|--at|--offline-limit|--currency|--minutes|--redirect|--warning|--critical) return ;;
    --since|--address|--port|--terminal-port|--assume|--fault|--pass-type|--team|--days) return ;;
  esac

  if [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    return
  fi

  case $command in
    '') words='inspect profile certificates keys credentials pair devices check pending log sandbox' ;;
    inspect) options='--password-fd --details' ;;
    profile) words='add set secret list show use test remove' ;;
    certificates) words='list show add replace update remove upload watch forget' ;;
    keys) words='generate list advise rotate revoke import export encrypt mark' ;;
    credentials) words='request' ;;
    pair) words='host request' ;;
    devices) words='list check revoke root-ca' ;;
    check) options='--format --warning --critical' ;;
    pending) words='list settle done not-done' ;;
    log) options='--since --verify' ;;
    sandbox) words='make-pass'; options='--port --terminal-port --state --assume --fault' ;;
  esac

  case $command,$sub in
    profile,add)
      options='--environment --hub-url --hub-merchant --hub-terminal --hub-key --repeat-lost --wallet-url --wallet-user
               --devices-url --devices-organization --devices-key-id --devices-signature --ca' ;;
    profile,set)
      options='--name --clear --hub-url --hub-merchant --hub-terminal --hub-key --repeat-lost --wallet-url --wallet-user
               --devices-url --devices-organization --devices-key-id --devices-signature --ca' ;;
    profile,secret) options='--secret-fd'; words='hub wallet devices' ;;
    certificates,list) options='--source --vendor --enabled --order --direction' ;;
    certificates,add) options='--name --comment --default --disabled --password-fd' ;;
    certificates,replace) options='--password-fd --allow-other-identity' ;;
    certificates,update)
      options='--name --clear-name --comment --clear-comment --enable --disable --default' ;;
    profile,remove|certificates,remove|keys,revoke|devices,revoke) options='--yes' ;;
    pair,host) options='--address --port --once --replace' ;;
    pair,request) options='--address --pos-id --ca --serial --output --password-fd --code-fd' ;;
    certificates,upload) options='--key-id --algorithm --used-for' ;;
    keys,advise) options='--at' ;;
    keys,export) options='--format --output' ;;
    keys,mark) options='--in-use --not-in-use --offline-limit --currency' ;;
    credentials,request) options='--minutes --redirect --show-secrets' ;;
    devices,root-ca) options='--output' ;;
    sandbox,make-pass) options='--pass-type --team --days --nfc --password-fd --state' ;;
  esac

  case $command,$sub,$word in
    *,-*) mapfile -t COMPREPLY < <(compgen -W "$options $global" -- "$word") ;;
    inspect,*|certificates,add,*|certificates,replace,*|certificates,upload,*|certificates,watch,*|\
    certificates,forget,*|sandbox,make-pass,*)
      compopt -o filenames 2> /dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    profile,secret,*) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word") ;;
    *,,*) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word") ;;
  esac
}

complete -F _tillkeeperctl tillkeeperctl
