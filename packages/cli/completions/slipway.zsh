#compdef slipway
# Completion of slipway for zsh. Now: source <(slipway completion zsh)
# Always: slipway completion zsh > "${fpath[1]}/_slipway"
_slipway() {
  local -a lines candidates
  local line paths=none
  lines=("${(@f)$(slipway __complete "${(@Q)words[2,CURRENT-1]}" "$IPREFIX$PREFIX" 2>/dev/null)}")
  for line in "${lines[@]}"; do
    case $line in
      :*) paths=${line#:} ;;
      *$'\t'*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  case $paths in
    files) compset -P '*='; _files ;;
    folders) compset -P '*='; _files -/ ;;
    *) _describe slipway candidates ;;
  esac
}
if [[ $funcstack[1] == _slipway ]]; then _slipway "$@"; else compdef _slipway slipway; fi
