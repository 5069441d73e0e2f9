using EdgeBench.Backends.LlamaCpp;

namespace EdgeBench.Benchmarks.Engine;

/// <summary>A folder of links to llama.cpp's installed libraries with one CPU variant only, so that it cannot pick a better one.</summary>
internal sealed class LlamaCppVariant : IDisposable
{
    private readonly string? _folder;

    /// <param name="name">Such as <c>haswell</c>, or null for all variants.</param>
    public LlamaCppVariant(string? name)
    {
        if (name is null) return;
        string installed = new LlamaCppBackend().Probe(default).Folder ?? throw new InvalidOperationException("llama.cpp is not installed: run 'edgebench backends install llamacpp'.");
        _folder = Directory.CreateTempSubdirectory("edgebench-llamacpp-").FullName;
        string wanted = $"libggml-cpu-{name}.so";
        foreach (string file in Directory.GetFiles(installed))
        {
            string own = Path.GetFileName(file);
            if (!own.StartsWith("libggml-cpu", StringComparison.Ordinal) || own == wanted) File.CreateSymbolicLink(Path.Combine(_folder, own), file);
        }
        if (!File.Exists(Path.Combine(_folder, wanted))) throw new InvalidOperationException($"'{installed}' holds no {wanted}; expected one of its libggml-cpu-*.so.");
    }

    /// <summary>Null where llama.cpp picks from all.</summary>
    public string? Folder => _folder;

    public void Dispose()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
