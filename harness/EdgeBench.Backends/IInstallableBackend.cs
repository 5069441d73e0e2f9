using EdgeBench.Core.Backends;

namespace EdgeBench.Backends;

/// <summary>A backend whose library EdgeBench can fetch into its cache.</summary>
public interface IInstallableBackend : IBackend
{
    /// <summary>
    /// Fetches and verifies the pinned library unless it is there already. Answers what <see cref="IBackend.Probe"/> then says; a failure
    /// (no network, no package manager, wrong hash) is a status with problem and remedy, never an exception. Safe across processes.
    /// </summary>
    /// <param name="progress">Lines for people; may be null.</param>
    Task<BackendStatus> InstallAsync(IProgress<string>? progress, CancellationToken cancellation);
}
