using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeBench.Running.Execution;

/// <summary>Who made the figures: harness version and commit, the commit of the folder that holds bench.yaml, runtime, command line.</summary>
public static class Provenance
{
    /// <summary>Version with the commit that it was built from, as <c>0.1.0+&lt;commit&gt;</c>.</summary>
    public static string HarnessVersion { get; } =
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Dictionary<string, string> Collect(string configurationFolder, string configurationHash, string commandLine, ulong seed)
    {
        Dictionary<string, string> facts = new()
        {
            ["harness_version"] = HarnessVersion,
            ["config_hash"] = configurationHash,
            ["command_line"] = commandLine,
            ["seed"] = seed.ToString(),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["controller_os"] = RuntimeInformation.OSDescription,
        };
        if (Git(configurationFolder, "rev-parse HEAD") is { } commit)
        {
            facts["config_commit"] = commit;
            facts["config_modified"] = Git(configurationFolder, "status --porcelain --untracked-files=no -- .") is { Length: > 0 } ? "yes" : "no";
        }
        return facts;
    }

    // Null where git is not there, the folder is no checkout, or git does not answer at once.
    private static string? Git(string folder, string arguments)
    {
        try
        {
            using Process? git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (git is null) return null;
            Task<string> output = git.StandardOutput.ReadToEndAsync();
            if (!git.WaitForExit(TimeSpan.FromSeconds(2)))
            {
                git.Kill(entireProcessTree: true);
                return null;
            }
            return git.ExitCode == 0 ? output.Result.Trim() : null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            return null;
        }
    }
}
