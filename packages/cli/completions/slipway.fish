# Completion of slipway for fish. Now: slipway completion fish | source
# Always: slipway completion fish > ~/.config/fish/completions/slipway.fish
function __slipway_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l prefix (string match -r '^--[^=]*=' -- "$current")
  for line in (slipway __complete $words[2..-1] "$current" 2>/dev/null)
    switch $line
      case ':files'
        for path in (__fish_complete_path (string replace -- "$prefix" '' "$current"))
          echo "$prefix$path"
        end
      case ':folders'
        for path in (__fish_complete_directories (string replace -- "$prefix" '' "$current"))
          echo "$prefix$path"
        end
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c slipway -f -a '(__slipway_complete)'
