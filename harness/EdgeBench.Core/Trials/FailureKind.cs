namespace EdgeBench.Core.Trials;

/// <summary>Why a trial has no measurement.</summary>
public enum FailureKind
{
    /// <summary>The process died by a signal or an unexpected exit code.</summary>
    Crash,

    /// <summary>The time limit passed.</summary>
    Hang,

    /// <summary>The memory limit passed, the kernel killed it, or an allocation was refused.</summary>
    OutOfMemory,

    /// <summary>The backend cannot do this: architecture, tensor type, option, context length.</summary>
    Unsupported,

    /// <summary>The artifact or a data file is not there, or its hash differs.</summary>
    MissingArtifact,

    /// <summary>The backend's library is not installed or not the version that is understood.</summary>
    BackendMissing,

    /// <summary>The artifact could not be built.</summary>
    BuildFailed,

    /// <summary>The trial's process said something that the agent does not understand.</summary>
    Protocol,

    /// <summary>The agent or its device went away.</summary>
    DeviceLost,
}

/// <summary>A typed failure with what a person needs to mend it.</summary>
public sealed record TrialFailure(FailureKind Kind, string Message, string? Remedy = null);
