using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.Managed;

/// <summary>The draft model of a session: the option's file, and whether it can draft for a model.</summary>
internal sealed record ManagedDraft(OptionFile File)
{
    private const string Option = "draft", Tokens = "tokenizer.ggml.tokens";

    /// <summary>Null where none is asked for. Throws <see cref="TrialException"/> for a file that is not there.</summary>
    public static ManagedDraft? Of(ManagedOptions options, SessionNeeds needs) => options.Draft is { } path ? new(OptionFile.Of(path, Option, needs)) : null;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a file that does not run, or that writes other tokens than the model.</summary>
    public void Check(GgufFile model)
    {
        using GgufFile draft = GgufFile.Open(File.Path);
        if (PackedDecoder.WhyNot(draft, []) is { } problem) throw new EdgeBenchException(ExitCode.BadInput, problem);
        string[] own = TokensOf(draft), wanted = TokensOf(model);
        if (own.Length != wanted.Length) throw Other($"a draft of {own.Length} tokens", $"the {wanted.Length} tokens of the model");
        int first = own.AsSpan().CommonPrefixLength(wanted);
        if (first < own.Length) throw Other($"a draft whose token {first} is '{own[first]}'", $"'{wanted[first]}', as the model has");
    }

    private static string[] TokensOf(GgufFile file) => file.Metadata.GetValueOrDefault(Tokens)?.AsArray()?.AsTexts()
        ?? throw EdgeBenchException.BadInput("a file without a vocabulary", $"'{Tokens}'", "Convert the model again.", file.Path);

    private EdgeBenchException Other(string offender, string expected) =>
        EdgeBenchException.BadInput(offender, expected, "Take a smaller model of the same family, or the model itself in fewer bits.", File.Path);
}
