# Completion of slipway for bash. Now: source <(slipway completion bash)
# Always: slipway completion bash > ~/.local/share/bash-completion/completions/slipway
_slipway() {
  local line=${COMP_LINE:0:COMP_POINT} words=() current paths=none candidate
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=${words[${#words[@]} - 1]}
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    case $candidate in
      :*) paths=${candidate#:} ;;
      *) COMPREPLY+=("$candidate") ;;
    esac
  done < <(slipway __complete "${words[@]:1}" 2>/dev/null)
  # Readline begins a new word after these, and so must what it gets.
  local split=${current%"${current##*[=:]}"}
  COMPREPLY=("${COMPREPLY[@]#"$split"}")
  case $paths in
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
  esac
}
complete -F _slipway slipway
