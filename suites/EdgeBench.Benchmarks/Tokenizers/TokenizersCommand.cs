using System.CommandLine;
using System.Diagnostics;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Benchmarks.Tokenizers;

/// <summary>The equality table: every vocabulary of llama.cpp's source against the ids published beside it, in Markdown.</summary>
internal static class TokenizersCommand
{
    private const string Separator = "\n__ggml_vocab_test__\n";

    public static Command Create()
    {
        Option<string> vocabularies = new("--vocabularies") { Description = "Folder with ggml-vocab-*.gguf, .inp and .out (models/ of llama.cpp's source).", Required = true };
        Option<string?> text = new("--text") { Description = "A long text whose tokens a second are measured too." };
        Command command = new("tokenizers", "Compare tokenizers with the ids that llama.cpp publishes.") { vocabularies, text };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(vocabularies), parsed.GetValue(text)));
        return command;
    }

    private static int Run(string folder, string? longText)
    {
        if (!Directory.Exists(folder)) throw EdgeBenchException.BadInput($"'{folder}'", "a folder with ggml-vocab-*.gguf files", "Run tests/EdgeBench.Models.Tests/Tokenizers/fetch-vocabularies.sh.");
        string? read = longText is null ? null : File.ReadAllText(longText);
        Console.Out.WriteLine("| vocabulary | kind | texts | tokens | equal | tokens/s |");
        Console.Out.WriteLine("|---|---|--:|--:|---|--:|");
        bool allEqual = true;
        foreach (string path in Directory.EnumerateFiles(folder, "ggml-vocab-*.gguf").Order(StringComparer.Ordinal)) allEqual &= WriteRow(path, read);
        return (int)(allEqual ? ExitCode.Done : ExitCode.Regression);
    }

    private static bool WriteRow(string path, string? longText)
    {
        string name = Path.GetFileNameWithoutExtension(path)["ggml-vocab-".Length..];
        using GgufFile file = GgufFile.Open(path);
        ITokenizer tokenizer;
        try
        {
            tokenizer = TokenizerFactory.FromGguf(file.Metadata, path);
        }
        catch (EdgeBenchException error)
        {
            Console.Out.WriteLine($"| {name} | refused: {error.Problems[0].Offender.Replace("|", "\\|", StringComparison.Ordinal)} | | | | |");
            return true;
        }
        string speed = longText is null ? "" : $"{Speed(tokenizer, longText):N0}";
        if (!File.Exists($"{path}.inp") || !File.Exists($"{path}.out"))
        {
            Console.Out.WriteLine($"| {name} | {tokenizer.Kind} | | | nothing published | {speed} |");
            return true;
        }
        (string Text, string Ids)[] published = [.. Texts(File.ReadAllText($"{path}.inp")).Zip(File.ReadAllLines($"{path}.out"))];
        int equal = published.Count(one => Ids(one.Ids).SequenceEqual(tokenizer.Encode(one.Text, addSpecial: false, parseSpecial: false)));
        Console.Out.WriteLine($"| {name} | {tokenizer.Kind} | {published.Length} | {published.Sum(one => Ids(one.Ids).Length):N0} | {(equal == published.Length ? "yes" : $"**{equal} of {published.Length}**")} | {speed} |");
        return equal == published.Length;
    }

    private static string[] Texts(string input) => (input.EndsWith(Separator, StringComparison.Ordinal) ? input[..^Separator.Length] : input).Split(Separator);

    private static int[] Ids(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    // A new tokenizer's first pass, its cache of words empty, as a calibration text meets it.
    private static double Speed(ITokenizer tokenizer, string text)
    {
        long start = Stopwatch.GetTimestamp();
        int count = tokenizer.Encode(text, addSpecial: false, parseSpecial: false).Length;
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
