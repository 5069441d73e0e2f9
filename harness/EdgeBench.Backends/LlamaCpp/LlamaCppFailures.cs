using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>Turns llama.cpp's refusals, which are only words in its log, into typed failures that quote them.</summary>
internal static class LlamaCppFailures
{
    private static readonly string[] s_memory = ["unable to allocate", "failed to allocate", "out of memory", "bad_alloc", "failed to initialize memory module"];

    private static readonly string[] s_unreadable =
        ["failed to open", "failed to read", "not within", "invalid magic", "corrupt", "duplicate", "invalid offset", "expected offset", "reading beyond", "unexpectedly reached"];

    public static TrialException Load(string path, string problems)
    {
        FailureKind kind = Mentions(problems, s_memory) ? FailureKind.OutOfMemory
            : !File.Exists(path) || Mentions(problems, s_unreadable) ? FailureKind.MissingArtifact
            : FailureKind.Unsupported;
        string remedy = kind switch
        {
            FailureKind.OutOfMemory => "Use a smaller model or a recipe with fewer bits, or free memory.",
            FailureKind.MissingArtifact => "Build or fetch the file again.",
            _ => "Use a model, or a tensor type, that this version of llama.cpp knows.",
        };
        return new(kind, $"llama.cpp cannot load '{path}': {Quoted(problems)}", remedy);
    }

    public static TrialException Context(string problems)
    {
        FailureKind kind = Mentions(problems, s_memory) ? FailureKind.OutOfMemory : FailureKind.Unsupported;
        return new(kind, $"llama.cpp cannot create the context: {Quoted(problems)}",
            kind == FailureKind.OutOfMemory ? "Use a shorter context or a smaller 'kv_type'." : "Change 'kv_type' or 'flash_attention'.");
    }

    public static TrialException Adapter(string path, string problems) =>
        new(Mentions(problems, s_memory) ? FailureKind.OutOfMemory : FailureKind.Unsupported, $"llama.cpp cannot load the adapter '{path}': {Quoted(problems)}", "Use an adapter of this very model.");

    /// <summary>A return value of <c>llama_decode</c> other than 0.</summary>
    public static TrialException Decode(int code, string problems)
    {
        FailureKind kind = code == -2 || Mentions(problems, s_memory) ? FailureKind.OutOfMemory : FailureKind.Unsupported;
        string meaning = code switch
        {
            1 => "no free place in the key/value cache",
            2 => "aborted",
            -1 => "invalid batch",
            -2 => "an allocation failed",
            _ => "the computation failed",
        };
        return new(kind, $"llama_decode returned {code} ({meaning}): {Quoted(problems)}");
    }

    private static string Quoted(string problems) => problems.Length > 0 ? problems : "it gives no reason";

    private static bool Mentions(string text, string[] words) => words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
