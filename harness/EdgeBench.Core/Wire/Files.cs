using EdgeBench.Core.Trials;

namespace EdgeBench.Core.Wire;

/// <summary>
/// Files that belong together and shall lie in one folder of the device: an artifact with its parts, or a text. The device gives the folder its name
/// from their hashes.
/// </summary>
/// <param name="CacheLimit">Bytes that received files may take on the device; 0 sets no limit but the disk's.</param>
public sealed record FileOffer(IReadOnlyList<OfferedFile> Files, long CacheLimit);

/// <param name="Name">Plain file name: see <see cref="FileName"/>.</param>
/// <param name="Sha256">Lower-case hexadecimal digits.</param>
public sealed record OfferedFile(string Name, long Bytes, string Sha256);

/// <summary>What a device has of an offer.</summary>
/// <param name="Set">Name of the set in later calls; empty where refused.</param>
public sealed record OfferAnswer(string Set)
{
    /// <summary>Where all files lie, verified; null while some are missing.</summary>
    public string? Folder { get; init; }

    public IReadOnlyList<MissingFile> Missing { get; init; } = [];

    /// <summary>Why the device does not take them: names, room.</summary>
    public TrialFailure? Refusal { get; init; }
}

/// <summary>A file that the device wants, from the end of what it has of it.</summary>
/// <param name="Transfer">Number that its blocks carry.</param>
/// <param name="Offset">First byte that is wanted.</param>
/// <param name="Sha256">Of the bytes before it, which an earlier transfer left on the device's disk. Where they are not the file's, its first block throws them away.</param>
public sealed record MissingFile(string Name, int Transfer, long Offset, string Sha256);

/// <summary>How far a transfer is.</summary>
/// <param name="Received">Bytes written.</param>
/// <param name="Problem">Why it goes no further; null where all is well.</param>
public sealed record TransferState(long Received, TrialFailure? Problem);

/// <summary>The end of a transfer: the folder with all files, or why there is none.</summary>
public sealed record CommitAnswer(string? Folder, TrialFailure? Failure);
