using EdgeBench.Core.IO;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>A folder with llama.cpp's libraries: where it is looked for and which of its files are which.</summary>
internal sealed record LlamaCppFolder(string Folder, string GgmlBase, string Ggml, string Llama)
{
    /// <summary>Overrides the installed library for a whole run, for tests and for packagers.</summary>
    public const string Variable = "EDGEBENCH_LLAMACPP_PATH";

    /// <summary>Where <see cref="LlamaCppInstaller"/> puts the pinned version.</summary>
    public static string Installed => Path.Combine(CacheFolders.Backends, $"llamacpp-{LlamaCppPackages.Version}-{LlamaCppPackages.Runtime}");

    /// <summary>The folder in force: the option's, else the environment's, else the installed one.</summary>
    public static string Chosen(LlamaCppOptions options)
    {
        if (options.Path is { Length: > 0 } given) return Path.GetFullPath(given);
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set) return Path.GetFullPath(set);
        return Installed;
    }

    /// <summary>The libraries in a folder, or null with the reason.</summary>
    public static LlamaCppFolder? Find(string folder, out string problem)
    {
        problem = $"there is no folder '{folder}'";
        if (!Directory.Exists(folder)) return null;
        string? ggmlBase = Library(folder, "libggml-base"), ggml = Library(folder, "libggml"), llama = Library(folder, "libllama");
        string missing = ggmlBase is null ? "libggml-base" : ggml is null ? "libggml" : "libllama";
        problem = $"'{folder}' holds no {missing}.so";
        return ggmlBase is null || ggml is null || llama is null ? null : new(folder, ggmlBase, ggml, llama);
    }

    /// <summary>
    /// The version that a file name carries, as in the pinned package, or <c>unknown</c>, and the first digits of one hash over every library that a
    /// trial may load: <c>0.5.0+sha256:ab12cd34ef56</c>. A folder whose libraries differ in one byte has another. Reads files, and throws as
    /// that does, only where <see cref="LibraryHashes"/> does not know them.
    /// </summary>
    public string Version()
    {
        string? named = Path.GetFileName(Llama) is ['l', 'i', 'b', 'l', 'l', 'a', 'm', 'a', '.', 'v', .. var rest] ? Path.GetFileNameWithoutExtension(rest) : null;
        string[] libraries = [.. Directory.EnumerateFiles(Folder, "libggml*").Where(path => IsShared(Extension(path))).Append(Llama).Order(StringComparer.Ordinal)];
        IReadOnlyList<string> hashes = LibraryHashes.Of(libraries);
        string whole = ContentHash.OfText(string.Join('\n', libraries.Select((path, i) => $"{Path.GetFileName(path)} {hashes[i]}")));
        return $"{named ?? "unknown"}+sha256:{whole[..12]}";
    }

    private static string Extension(string path) => Path.GetFileName(path) is var name && name.IndexOf('.', StringComparison.Ordinal) is >= 0 and int dot ? name[dot..] : "";

    // libllama.so of a build of one's own, libllama.so.0 of a distribution, libllama.v0.5.0.so of the npm package; never libllama-common.so.
    private static string? Library(string folder, string name) =>
        Directory.EnumerateFiles(folder, name + ".*").Where(path => IsShared(Path.GetFileName(path)[name.Length..]))
            .OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).FirstOrDefault();

    private static bool IsShared(string rest) => rest.EndsWith(".so", StringComparison.Ordinal) || rest.StartsWith(".so.", StringComparison.Ordinal);
}
