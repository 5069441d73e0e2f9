using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends;

/// <summary>A file that options name, where it lies on this machine.</summary>
/// <param name="Written">As in the options.</param>
internal sealed record OptionFile(string Written, string Path, string Sha256)
{
    /// <summary>Without its folder, for facts.</summary>
    public string Name => System.IO.Path.GetFileName(Written);

    /// <summary>Throws <see cref="TrialException"/> for one that is not there, or was not sent.</summary>
    public static OptionFile Of(string written, string option, SessionNeeds needs)
    {
        if (needs.Files is { } sent)
        {
            return sent.TryGetValue(written, out DataFile? file) ? new(written, file.Path, file.Sha256)
                : throw new TrialException(FailureKind.MissingArtifact, $"'{option}' names '{written}', which was not sent with the trial", "Run with the edgebench that belongs to this agent.");
        }
        return File.Exists(written) ? new(written, written, ContentHash.OfFile(written))
            : throw new TrialException(FailureKind.MissingArtifact, $"'{option}' names '{written}', which is not there", "Correct the path.");
    }
}
