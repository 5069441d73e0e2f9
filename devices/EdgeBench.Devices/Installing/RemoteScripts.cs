using EdgeBench.Devices.Launching;

namespace EdgeBench.Devices.Installing;

/// <summary>
/// What a device runs before it has an agent: a few lines for any POSIX shell, constant but for their arguments. They need <c>uname</c>, <c>sha256sum</c> and
/// the common file commands (GNU's or BusyBox's).
/// </summary>
internal static class RemoteScripts
{
    /// <summary>Exit code of <see cref="Start"/> where the agent is not installed.</summary>
    public const int NotInstalled = 86;

    /// <summary>Exit code of <see cref="Receive"/> where what arrived is not what was sent.</summary>
    public const int Differs = 87;

    /// <summary>Word in front of how many agents <see cref="Prune"/> removed and how many KiB they took, on standard error.</summary>
    public const string FreedWord = "edgebench-freed";

    /// <summary>Word in front of the device's platform, on standard error.</summary>
    public const string RuntimeWord = "edgebench-runtime";

    private const string Folder = """case $1 in "~") d=$HOME;; "~/"*) d=$HOME/${1#"~/"};; /*) d=$1;; *) d=$HOME/$1;; esac; """;

    // A 64-bit kernel may carry a 32-bit system (Raspberry Pi OS).
    private const string Runtime = """case $(uname -m) in x86_64|amd64) r=linux-x64;; aarch64|arm64) r=linux-arm64;; armv7*|armv8l) r=linux-arm;; *) r=$(uname -s)-$(uname -m);; esac; if [ $r = linux-arm64 ] && [ "$(getconf LONG_BIT 2>/dev/null)" = 32 ]; then r=linux-arm; fi; """;

    /// <summary>Becomes the agent if one of the packages is installed; arguments: folder, then <c>runtime:id</c> for every package.</summary>
    public static IEnumerable<string> Start(string folder, IEnumerable<AgentPackage> packages) => Words(
        Folder + Runtime + $$"""shift; for p in "$@"; do case $p in "$r:"*) a=$d/agents/${p#"$r:"}/{{AgentProgram.Name}}; if [ -x "$a" ]; then touch "${a%/*}" 2>/dev/null; EDGEBENCH_CACHE=$d; export EDGEBENCH_CACHE; exec "$a" serve; fi;; esac; done; echo {{RuntimeWord}} $r >&2; exit {{NotInstalled}}""",
        folder, packages.Select(package => $"{package.Runtime}:{package.Id}"));

    /// <summary>
    /// Takes one file of a package from standard input; it has its name once its hash is right, and not before. Arguments: folder, package id, name, SHA-256.
    /// </summary>
    public static IEnumerable<string> Receive(string folder, AgentPackage package, AgentPackageFile file) => Words(
        "set -eu; " + Folder + $$"""t=$d/agents/$2; mkdir -p "$t"; p=$t/$3.$$.partial; trap 'rm -f "$p"' EXIT; trap 'exit 1' HUP INT TERM; trap '' PIPE; cat > "$p"; h=$(sha256sum "$p"); if [ "${h%% *}" != "$4" ]; then echo "SHA-256 of what arrived is ${h%% *}" >&2; exit {{Differs}}; fi; chmod 755 "$p"; sync; mv "$p" "$t/$3"; trap - EXIT""",
        folder, [package.Id, file.Name, file.Sha256]);

    /// <summary>Says the device's platform, and ends well where every file of its package is there with its hash. Arguments: folder, then <c>runtime:id:name:hash</c>.</summary>
    public static IEnumerable<string> Check(string folder, IEnumerable<AgentPackage> packages) => Words(
        Folder + Runtime + $$"""shift; echo {{RuntimeWord}} $r >&2; n={{NotInstalled}}; for p in "$@"; do case $p in "$r:"*) p=${p#"$r:"}; i=${p%%:*}; p=${p#*:}; h=$(sha256sum "$d/agents/$i/${p%%:*}" 2>/dev/null); if [ "${h%% *}" = "${p#*:}" ]; then n=0; else exit {{NotInstalled}}; fi;; esac; done; exit $n""",
        folder, packages.SelectMany(package => package.Files.Select(file => $"{package.Runtime}:{package.Id}:{file.Name}:{file.Sha256}")));

    /// <summary>
    /// Removes agents of other versions (<see cref="InstalledAgents.Rule"/>). The time of an agent's folder is that of its installation or last start. One is running
    /// where a process has its path as its program or in its words; where /proc does not tell, nothing is removed. The program goes first: a folder that has it is
    /// whole. Arguments: folder, id of the package that stays.
    /// </summary>
    public static IEnumerable<string> Prune(string folder, AgentPackage package) => Words(
        Folder + """cd "$d/agents" 2>/dev/null || exit 0; [ -r /proc/self/cmdline ] || exit 0; n=0; k=0; s=0; w=; for i in $(ls -1t); do """
            + """case $i in *[!0-9a-f]*) continue;; esac; case " $w " in *" $i "*) continue;; esac; """
            + """if [ ${#i} != 64 ] || [ "$i" = "$2" ] || [ -L "$i" ] || [ ! -d "$i" ]; then continue; fi; w="$w $i"; s=$((s+1)); """
            + $$"""if [ $s -le {{InstalledAgents.Kept}} ] && [ -z "$(find "$i" -prune -mtime +{{InstalledAgents.Days}})" ]; then continue; fi; """
            + """u=$(ls -l /proc/[0-9]*/exe 2>/dev/null; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\000' '\n'); case $u in *"/agents/$i/"*) continue;; esac; """
            + $$"""b=$(du -sk "$i"); b=${b%%[!0-9]*}; if rm -f "$i/{{AgentProgram.Name}}" && rm -rf "$i"; then n=$((n+1)); k=$((k+${b:-0})); fi; done; """
            + $"echo {FreedWord} $n $k >&2",
        folder, [package.Id]);

    private static IEnumerable<string> Words(string script, string folder, IEnumerable<string> arguments) => ["sh", "-c", script, "edgebench", folder, .. arguments];
}
