using System.Diagnostics;
using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Launching;

/// <summary>How the system's ssh is called: no question is ever asked, no terminal, no forwarding, and a dead link is noticed.</summary>
public static class SshCommand
{
    private static readonly string[] s_always =
    [
        "BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=5", "ServerAliveCountMax=4", "ClearAllForwardings=yes", "EscapeChar=none", "RequestTTY=no",
    ];

    /// <summary>ssh with its streams redirected. Throws <see cref="EdgeBenchException"/> for a name that ssh could take for something else.</summary>
    /// <param name="words">Program and arguments for the device; the login's shell sees every one quoted.</param>
    public static ProcessStartInfo Of(SshOptions options, string device, params IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options.Host, "host", device, ".-_:%");
        Check(options.User, "user", device, ".-_@\\");
        Check(options.Jump, "jump", device, ".-_:%@,[]");
        List<string> arguments = ["-T"];
        foreach (string option in s_always.Concat(options.Options)) arguments.AddRange(["-o", option]);
        if (options.User is { } user) arguments.AddRange(["-l", user]);
        if (options.Port is { } port) arguments.AddRange(["-p", port.ToString()]);
        if (options.Jump is { } jump) arguments.AddRange(["-J", jump]);
        // ssh joins what follows the host with blanks and hands it to the login's shell.
        return AgentProgram.Command("ssh", [.. arguments, "--", options.Host, string.Join(' ', words.Select(Quote))]);
    }

    /// <summary>One word for a POSIX shell, whatever it holds.</summary>
    public static string Quote(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    // These reach ssh's own configuration, whose ProxyCommand and the like are run by a shell on this machine.
    private static void Check(string? value, string key, string device, string allowed)
    {
        if (value is null) return;
        if (value.Length == 0 || value[0] == '-' || !value.All(c => char.IsAsciiLetterOrDigit(c) || allowed.Contains(c, StringComparison.Ordinal)))
            throw EdgeBenchException.BadInput($"'{key}: {value}' of device '{device}'", $"letters, digits and any of {allowed}, not beginning with '-'");
    }
}
