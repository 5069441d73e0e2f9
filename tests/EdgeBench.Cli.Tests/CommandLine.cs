using System.Diagnostics;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>
/// The command line as its users start it: a process of its own, in a folder and with a cache of the test's own. The installed backends are shared, so
/// that no test downloads anything.
/// </summary>
internal sealed class CommandLine : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CommandLine()
    {
        Directory.CreateDirectory(Cache);
        string installed = Core.IO.CacheFolders.Backends;
        if (Directory.Exists(installed)) Directory.CreateSymbolicLink(Path.Combine(Cache, "backends"), installed);
    }

    /// <summary>Folder that commands are started in.</summary>
    public string Folder => _folder.Path;

    public string Cache => _folder.File("cache");

    public string this[string name] => _folder.File(name);

    /// <summary>The program of the same configuration as the test.</summary>
    public static string Program { get; } = Path.Combine(
        RepositoryFiles.Root, "harness", "EdgeBench.Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "edgebench.dll");

    /// <summary>Whether llama.cpp is installed.</summary>
    public static bool HasLlamaCpp { get; } =
        Directory.Exists(Core.IO.CacheFolders.Backends) && Directory.EnumerateDirectories(Core.IO.CacheFolders.Backends, "llamacpp-*").Any();

    /// <summary>Skips the calling test where llama.cpp is not installed.</summary>
    public static void RequireLlamaCpp() => Assert.SkipUnless(HasLlamaCpp, "needs llama.cpp: run 'edgebench backends install llamacpp' first");

    public void Write(string name, string text) => File.WriteAllText(this[name], text);

    public Process Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["EDGEBENCH_CACHE"] = Cache;
        start.Environment["CI"] = "true";
        return Process.Start(start)!;
    }

    public async Task<CommandResult> RunAsync(params IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(5));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'edgebench {string.Join(' ', arguments)}' did not end:\n{await output}\n{await error}");
        }
        return new CommandResult(process.ExitCode, await output, await error);
    }

    public void Dispose() => _folder.Dispose();
}
