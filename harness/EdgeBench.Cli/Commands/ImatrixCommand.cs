using System.CommandLine;
using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Importance;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Imatrix;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench models imatrix</c>: which columns of each weight matter on a text.</summary>
internal static class ImatrixCommand
{
    private const int SequenceLength = 512;

    public static Command Create()
    {
        Argument<string> source = new("model") { Description = "A source such as file:model.gguf, hf:org/name, or a path." };
        Option<FileInfo> data = new("--data") { Description = "Text that the columns' mean squares are computed on.", Required = true };
        Option<string> output = new("--output", "-o") { Description = "File to write: .gguf, or .dat for llama.cpp's older form.", Required = true };
        Option<int> tokens = new("--tokens") { Description = $"Tokens to compute, in sequences of {SequenceLength}.", DefaultValueFactory = _ => 65536 };
        tokens.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < SequenceLength) result.AddError($"--tokens is at least {SequenceLength}.");
        });
        Command command = new("imatrix", "Compute an importance matrix as llama.cpp's imatrix does, for ptq: { importance: … }.") { source, data, output, tokens };
        command.SetAction(async (parsed, cancellation) =>
        {
            Checkpoint checkpoint = await ModelsCommand.ResolveAsync(parsed.GetRequiredValue(source), null, cancellation);
            Write(checkpoint.Path, parsed.GetRequiredValue(data), parsed.GetRequiredValue(output), parsed.GetValue(tokens) / SequenceLength, cancellation);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Write(string model, FileInfo data, string output, int sequences, CancellationToken cancellation)
    {
        // As typed: the file tells it to whoever gets it.
        string text = data.ToString();
        if (!data.Exists) throw EdgeBenchException.BadInput("no such file", "a text in UTF-8", "Check --data.", text);
        using GgufFile file = GgufFile.Open(model);
        CalibrationTokens tokens = CalibrationTokens.Of(File.ReadAllText(text), TokenizerFactory.FromGguf(file.Metadata, file.Path), sequences, SequenceLength, text);
        ImportanceMatrix matrix = ImportanceCollector.Collect(new GgufWeights(file), tokens, text, new ErrorLines(), cancellation);
        if (Path.GetExtension(output).Equals(".dat", StringComparison.OrdinalIgnoreCase)) LegacyImportanceFile.Write(output, matrix);
        else ImportanceFile.Write(output, matrix);
        Console.Out.WriteLine($"{output}  {matrix.Entries.Count} matrices, {tokens.Count} tokens of {text}  sha256 {ContentHash.OfFile(output)}");
    }

    private sealed class ErrorLines : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
