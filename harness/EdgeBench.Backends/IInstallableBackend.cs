using EdgeBench.Core.Backends;

namespace EdgeBench.Backends;

/// <summary>A backend whose library EdgeBench can fetch into its cache.</summary>
public interface IInstallableBackend : IBackend
{
    /// <summary>Whether these options leave the library to us: false where the user names a folder of their own.</summary>
    bool Installs(System.Text.Json.JsonElement options);

    /// <summary>
    /// Fetches and verifies the pinned library unless it is there already. Answers what <see cref="IBackend.Probe"/> then says; a failure
    /// (no network, no package manager, wrong hash) is a status with problem and remedy, never an exception. Safe across processes.
    /// </summary>
    /// <param name="progress">Lines for people; may be null.</param>
    Task<BackendStatus> InstallAsync(IProgress<string>? progress, CancellationToken cancellation);

    /// <summary>
    /// Fetches the pinned package for another platform, for a device that has no network or no package manager. A failure is an answer without a path.
    /// </summary>
    /// <param name="runtime">Such as <c>linux-arm64</c>.</param>
    Task<FetchedPackage> FetchAsync(string runtime, IProgress<string>? progress, CancellationToken cancellation);

    /// <summary>As <see cref="InstallAsync"/>, from a package that is already on this machine; its hash must be the pinned one.</summary>
    Task<BackendStatus> InstallFromAsync(string package, CancellationToken cancellation);
}

/// <summary>A verified package in the cache, or why there is none.</summary>
public sealed record FetchedPackage(string? Path, string? Problem = null, string? Remedy = null);
