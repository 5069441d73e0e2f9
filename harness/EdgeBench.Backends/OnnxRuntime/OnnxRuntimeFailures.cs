using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>Turns ONNX Runtime's refusals, which are words, into typed failures that quote them.</summary>
internal static class OnnxRuntimeFailures
{
    private static readonly string[] s_memory = ["bad_alloc", "failed to allocate", "out of memory", "Available memory of"];

    private static readonly string[] s_unreadable = ["doesn't exist", "NoSuchFile", "NO_SUCHFILE", "Protobuf parsing failed", "INVALID_PROTOBUF", "failed to open", "mmap"];

    public static TrialException Load(string path, Exception error)
    {
        FailureKind kind = Kind(error, Mentions(error, s_unreadable) ? FailureKind.MissingArtifact : FailureKind.Unsupported);
        return new(new(kind, $"ONNX Runtime cannot load '{path}': {Clean(error.Message)}", kind switch
        {
            FailureKind.OutOfMemory => "Use a smaller model or a recipe with fewer bits, or free memory.",
            FailureKind.MissingArtifact => "Build or fetch the file again.",
            _ => "Use a model whose operators this build of ONNX Runtime has.",
        }), error);
    }

    public static TrialException Run(Exception error) =>
        new(new(Kind(error, FailureKind.Unsupported), $"ONNX Runtime cannot run the model: {Clean(error.Message)}"), error);

    private static FailureKind Kind(Exception error, FailureKind otherwise) => error is OutOfMemoryException || Mentions(error, s_memory) ? FailureKind.OutOfMemory : otherwise;

    private static bool Mentions(Exception error, string[] words) => words.Any(word => error.Message.Contains(word, StringComparison.OrdinalIgnoreCase));

    // A hostile file's strings come through here: no escape sequence may reach a terminal.
    private static string Clean(string text) => new([.. text.Take(600).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
}
