# Completion of the command watchpost in bash; made by tools/manuals, from what the command says of itself.
_watchpost() {
  local current="${COMP_WORDS[COMP_CWORD]}" command="${COMP_WORDS[1]:-}" options=""
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "setup status troubles states tail verify backup restore support export replay decode simulate receive audit cert passwd alarms alarm ack verdict arrive note close shelve unshelve real escalate drill silence devices outputs --help --version" -- "$current")
    return
  fi
  case "$command" in
    drill) [[ $COMP_CWORD -eq 2 && $current != -* ]] && options="start end" ;;
    devices) [[ $COMP_CWORD -eq 2 && $current != -* ]] && options="show import export out back test test-end" ;;
    outputs) [[ $COMP_CWORD -eq 2 && $current != -* ]] && options="test" ;;
  esac
  if [[ -z $options ]]; then
    case "$command ${COMP_WORDS[2]:-}" in
      "drill start") options="-h --help --by --from --note --key --minutes --json --socket --lang --device --place --kind" ;;
      "drill end") options="-h --help --by --from --note --key --json --socket --lang" ;;
      "devices show") options="-h --help --socket --lang --json" ;;
      "devices import") options="-h --help --by --from --dry-run --socket --lang" ;;
      "devices export") options="-h --help --socket --lang" ;;
      "devices out") options="-h --help --by --from --note --key --json --socket --lang" ;;
      "devices back") options="-h --help --by --from --note --key --json --socket --lang" ;;
      "devices test") options="-h --help --by --from --note --key --minutes --json --socket --lang" ;;
      "devices test-end") options="-h --help --by --from --note --key --json --socket --lang" ;;
      "outputs test") options="-h --help --by --from --note --key --json --socket --lang" ;;
    esac
  fi
  [[ -n $options ]] || case "$command" in
    setup) options="-h --help --id --area --street --username --password-file --ca-file --no-street --no-check --replace --no-restart --config --lang" ;;
    status) options="-h --help --socket --json --check --device --unread --silent --lang" ;;
    troubles) options="-h --help --markdown --lang" ;;
    states) options="-h --help --lang" ;;
    tail) options="-h --help --socket --json --from-oldest --count --follow --class --device --lang" ;;
    verify) options="-h --help --socket --store --lang" ;;
    backup) options="-h --help --to --scheduled --keep --config --socket --store --lang" ;;
    restore) options="-h --help --store-only --config --user --no-service --lang" ;;
    support) options="-h --help --to --socket --config --lang" ;;
    export) options="-h --help --from --to --class --observed --include-unset-clock --socket --gateway --area --store --lang" ;;
    replay) options="-h --help --rules --from --to --socket --store --lang" ;;
    decode) options="-h --help --vectors --topic --text --hex --file --device --config --retained --lang" ;;
    simulate) options="-h --help --host --port --devices --rate --seconds --protocol --qos --alarms-per-minute --seed --speed --print --ledger --verify --area-prefix --wait-seconds --show-events --print-config --story --duty --username --password --socket" ;;
    receive) options="-h --help --url --topic --store --client-id --username --password-file --ca-file --cert-file --key-file --insecure --no-receipts --status --json --gateway --forget-branches --forget-conflicts --lang" ;;
    audit) options="-h --help --gateway --store --manifest --upstream --ledger --lang" ;;
    cert) options="-h --help --folder --name --address --client --days --user --renew --lang" ;;
    passwd) options="-h --help -D --delete --group --lang" ;;
    alarms) options="-h --help --json --socket --lang --closed --days" ;;
    alarm) options="-h --help --json --socket --lang" ;;
    ack) options="-h --help --revision --by --from --note --key --json --socket --lang" ;;
    verdict) options="-h --help --revision --by --from --note --key --json --socket --lang --true --false" ;;
    arrive) options="-h --help --revision --by --from --note --key --json --socket --lang" ;;
    note) options="-h --help --revision --by --from --note --key --json --socket --lang" ;;
    close) options="-h --help --revision --by --from --note --key --outcome --cause --json --socket --lang" ;;
    shelve) options="-h --help --revision --by --from --note --key --minutes --json --socket --lang" ;;
    unshelve) options="-h --help --revision --by --from --note --key --json --socket --lang" ;;
    real) options="-h --help --revision --by --from --note --key --json --socket --lang" ;;
    escalate) options="-h --help --revision --by --from --note --key --json --socket --lang" ;;
    drill) options="-h --help" ;;
    silence) options="-h --help --by --from --note --key --json --socket --lang" ;;
    devices) options="-h --help --socket --lang --json" ;;
    outputs) options="-h --help --socket --lang --json" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
}
complete -o default -F _watchpost watchpost
