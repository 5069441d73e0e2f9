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

    public Task<BackendStatus> InstallAsync(IProgress<string>? progress, CancellationToken cancellation) =>
        InstallAsync((pinned, temporary) => PackAsync(pinned, temporary, progress, cancellation), progress, cancellation);

    /// <summary>Installs from a packed file that is here already.</summary>
    public Task<BackendStatus> InstallFromAsync(string packed, CancellationToken cancellation) =>
        InstallAsync((pinned, _) => Task.FromResult(Verified(pinned, packed)), progress: null, cancellation);

    /// <summary>Puts the packed file for a platform into the cache, and leaves it packed.</summary>
    public async Task<FetchedPackage> FetchAsync(string runtime, IProgress<string>? progress, CancellationToken cancellation)
    {
        if ((package ?? LlamaCppPackages.For(runtime)) is not { } pinned) return NoPackage(runtime);
        string kept = Path.Combine(target ?? Path.Combine(CacheFolders.Backends, "packages"), $"llamacpp-{LlamaCppPackages.Version}-{runtime}.tgz");
        try
        {
            using ProcessLock held = await LockAsync(kept + ".lock", cancellation);
            if (File.Exists(kept) && Integrity(kept) == pinned.Integrity) return new FetchedPackage(kept);
            string temporary = Directory.CreateDirectory($"{kept}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial").FullName;
            try
            {
                FetchedPackage packed = await PackAsync(pinned, temporary, progress, cancellation);
                if (packed.Path is not null) File.Move(packed.Path, kept, overwrite: true);
                return packed.Path is null ? packed : new FetchedPackage(kept);
            }
            finally
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            return new FetchedPackage(null, exception.Message, LlamaCppPackages.Remedy);
        }
    }

    private async Task<BackendStatus> InstallAsync(
        Func<LlamaCppPackage, string, Task<FetchedPackage>> obtain, IProgress<string>? progress, CancellationToken cancellation)
    {
        string folder = target ?? LlamaCppFolder.Installed;
        if (LlamaCppFolder.Find(folder, out _) is not null) return Installed(folder);
        if ((package ?? LlamaCppPackages.For(LlamaCppPackages.Runtime)) is not { } pinned)
        {
            FetchedPackage none = NoPackage(LlamaCppPackages.Runtime);
            return Not(folder, none.Problem!, none.Remedy!);
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            using ProcessLock held = await LockAsync(folder + ".lock", cancellation);
            SweepLeftovers(folder);
            if (LlamaCppFolder.Find(folder, out _) is not null) return Installed(folder);
            string temporary = Directory.CreateDirectory($"{folder}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial").FullName;
            try
            {
                FetchedPackage packed = await obtain(pinned, temporary);
                return packed.Path is null ? Not(folder, packed.Problem!, packed.Remedy!) : Unpack(pinned, packed.Path, temporary, folder, progress);
            }
            finally
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or TimeoutException)
        {
            return Not(folder, exception.Message, LlamaCppPackages.Remedy);
        }
    }

    private static BackendStatus Unpack(LlamaCppPackage pinned, string packed, string temporary, string folder, IProgress<string>? progress)
    {
        string libraries = Path.Combine(temporary, "libraries");
        int count = LlamaCppArchive.Extract(packed, pinned.Folder, libraries);
        if (LlamaCppFolder.Find(libraries, out string problem) is null) return Not(folder, $"the package holds no whole library: {problem}", LlamaCppPackages.Remedy);
        // What is there now is incomplete, or the check before the lock would have found it.
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(libraries, folder);
        progress?.Report($"installed {count} files in {folder}");
        return Installed(folder);
    }

    private async Task<FetchedPackage> PackAsync(LlamaCppPackage pinned, string folder, IProgress<string>? progress, CancellationToken cancellation)
    {
        progress?.Report($"fetching {pinned.Name} {LlamaCppPackages.Version} with npm");
        if (await NpmPackAsync(pinned, folder, cancellation) is { } failure) return new FetchedPackage(null, failure, LlamaCppPackages.Remedy);
        string[] packed = Directory.GetFiles(folder, "*.tgz");
        return packed.Length == 1 ? Verified(pinned, packed[0])
            : new FetchedPackage(null, $"npm pack left {packed.Length} packed files instead of one", LlamaCppPackages.Remedy);
    }

    private static FetchedPackage Verified(LlamaCppPackage pinned, string packed) => Integrity(packed) is var found && found == pinned.Integrity
        ? new FetchedPackage(packed)
        : new FetchedPackage(null, $"{pinned.Name} {LlamaCppPackages.Version} has integrity {found} instead of {pinned.Integrity}", "Do not use this registry's copy; try another registry.");

    private static FetchedPackage NoPackage(string runtime) => new(null,
        $"there is no pinned package for {runtime}, only for {string.Join(", ", LlamaCppPackages.Runtimes)}", "Build llama.cpp and give its library folder as 'path'.");

    // Null, or why it failed.
    private async Task<string?> NpmPackAsync(LlamaCppPackage pinned, string folder, CancellationToken cancellation)
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
