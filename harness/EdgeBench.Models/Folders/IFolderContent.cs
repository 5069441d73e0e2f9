using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders;

/// <summary>What a folder holds, as a GGUF file would: written by <see cref="GgufWriter"/>, tensor by tensor from the folder's files.</summary>
public interface IFolderContent : IDisposable
{
    IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; }

    IReadOnlyList<GgufTensorSource> Tensors { get; }

    /// <summary>What a user should know, one line each.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>Hash that the written file has if the folder came from a GGUF file and holds the same weights; null where that cannot be.</summary>
    string? ExpectedSha256 { get; }
}

/// <summary>Opens folders of either kind.</summary>
public static class FolderContent
{
    /// <summary>
    /// A folder that was exported from a GGUF file comes back as that file; any other Hugging Face folder is imported. Throws
    /// <see cref="Core.Problems.EdgeBenchException"/> (bad input).
    /// </summary>
    public static IFolderContent Open(string path, ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return FolderRestore.IsExported(path) ? FolderRestore.Open(path, options) : FolderImport.Open(path, options);
    }
}
