using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using CliWrap;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>
/// Puts the pinned libraries into the cache: <c>npm pack</c> into a temporary folder, our own check of the packed file's SHA-512, extraction
/// of the libraries only, then one rename. A lock file keeps two processes from doing it at once.
/// </summary>
/// <param name="npm">Program to call; tests put their own.</param>
/// <param name="package">What to install; null takes the pinned package of this platform.</param>
/// <param name="target">Where to; null takes the cache.</param>
internal sealed class LlamaCppInstaller(string npm = "npm", LlamaCppPackage? package = null, string? target = null)
{
    private static readonly TimeSpan s_lockTimeout = TimeSpan.FromMinutes(10), s_fetchTimeout = TimeSpan.FromMinutes(10);

    public async Task<BackendStatus> InstallAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        string folder = target ?? LlamaCppFolder.Installed;
        if (LlamaCppFolder.Find(folder, out _) is not null) return Installed(folder);
        if ((package ?? LlamaCppPackages.For(LlamaCppPackages.Runtime)) is not { } pinned)
        {
            return Not(folder, $"there is no pinned package for {LlamaCppPackages.Runtime}, only for {string.Join(", ", LlamaCppPackages.Runtimes)}",
                "Build llama.cpp and give its library folder as 'path'.");
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            using ProcessLock held = await LockAsync(folder + ".lock", cancellation);
            SweepLeftovers(folder);
            if (LlamaCppFolder.Find(folder, out _) is not null) return Installed(folder);
            return await FetchAsync(pinned, folder, progress, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or TimeoutException)
        {
            return Not(folder, exception.Message, LlamaCppPackages.Remedy);
        }
    }

    private async Task<BackendStatus> FetchAsync(LlamaCppPackage pinned, string folder, IProgress<string>? progress, CancellationToken cancellation)
    {
        string temporary = $"{folder}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(temporary);
        try
        {
            progress?.Report($"fetching {pinned.Name} {LlamaCppPackages.Version} with npm");
            if (await PackAsync(pinned, temporary, cancellation) is { } failure) return Not(folder, failure, LlamaCppPackages.Remedy);
            string[] packed = Directory.GetFiles(temporary, "*.tgz");
            if (packed.Length != 1) return Not(folder, $"npm pack left {packed.Length} packed files instead of one", LlamaCppPackages.Remedy);

            string found = Integrity(packed[0]);
            if (found != pinned.Integrity)
                return Not(folder, $"{pinned.Name} {LlamaCppPackages.Version} has integrity {found} instead of {pinned.Integrity}", "Do not use this registry's copy; try another registry.");
            string libraries = Path.Combine(temporary, "libraries");
            int count = LlamaCppArchive.Extract(packed[0], pinned.Folder, libraries);
            if (LlamaCppFolder.Find(libraries, out string problem) is null) return Not(folder, $"the package holds no whole library: {problem}", LlamaCppPackages.Remedy);
            // What is there now is incomplete, or the check before the lock would have found it.
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(libraries, folder);
            progress?.Report($"installed {count} files in {folder}");
            return Installed(folder);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    // Null, or why it failed.
    private async Task<string?> PackAsync(LlamaCppPackage pinned, string folder, CancellationToken cancellation)
    {
        StringBuilder errors = new();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_fetchTimeout);
        try
        {
            CommandResult result = await Cli.Wrap(npm)
                .WithArguments(["pack", $"{pinned.Name}@{LlamaCppPackages.Version}", "--pack-destination", folder, "--silent"])
                .WithWorkingDirectory(folder).WithValidation(CommandResultValidation.None)
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors)).ExecuteAsync(limit.Token);
            if (result.ExitCode == 0) return null;
            string said = errors.ToString().ReplaceLineEndings(" ").Trim();
            return $"npm pack ended with code {result.ExitCode}{(said.Length > 0 ? $": {said[..Math.Min(said.Length, 300)]}" : ", which mostly means no network or no such registry")}";
        }
        catch (Win32Exception)
        {
            return "npm is not installed or not on the PATH";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"npm pack did not end within {s_fetchTimeout.TotalMinutes:0} minutes";
        }
    }

    private static string Integrity(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return "sha512-" + Convert.ToBase64String(SHA512.HashData(stream));
    }

    private static async Task<ProcessLock> LockAsync(string path, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_lockTimeout);
        try
        {
            return await ProcessLock.AcquireAsync(path, waiting: null, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"another process holds '{path}' for over {s_lockTimeout.TotalMinutes:0} minutes");
        }
    }

    // Only the lock's holder makes such folders, so with the lock in hand they are those of killed installations.
    private static void SweepLeftovers(string folder)
    {
        foreach (string left in Directory.GetDirectories(Path.GetDirectoryName(folder)!, $"{Path.GetFileName(folder)}.*.partial"))
            Directory.Delete(left, recursive: true);
    }

    private static BackendStatus Installed(string folder) => LlamaCppBackend.Probe(folder);

    private static BackendStatus Not(string folder, string problem, string remedy) => new(false, null, folder, problem, remedy);
}
