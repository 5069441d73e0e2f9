using EdgeBench.Core.Problems;

namespace EdgeBench.Engine.Training.Models;

/// <summary>Refuses batches that a model cannot take, before a kernel reads past a table.</summary>
internal static class BatchCheck
{
    public static void Decoder(Batch batch, int vocabulary)
    {
        Tokens(batch, vocabulary);
        Targets(batch, batch.Tokens.Length, vocabulary);
    }

    public static void Classifier(Batch batch, int vocabulary, int classes, int positions, int types)
    {
        Tokens(batch, vocabulary);
        Targets(batch, batch.Sequences, classes);
        if (batch.Length > positions) throw EdgeBenchException.BadInput($"sequences of {batch.Length} tokens", $"at most {positions}, the model's positions", "Cut the texts.");
        if (batch.Types is { } given && (given.Length != batch.Tokens.Length || Outside(given, types) >= 0)) throw EdgeBenchException.BadInput("token types", $"{batch.Tokens.Length} numbers from 0 to {types - 1}");
        if (batch.Lengths is not { } lengths) return;
        if (lengths.Length != batch.Sequences || lengths.AsSpan().ContainsAnyExceptInRange(1, batch.Length)) throw EdgeBenchException.BadInput("lengths of sequences", $"{batch.Sequences} numbers from 1 to {batch.Length}");
    }

    private static void Tokens(Batch batch, int vocabulary)
    {
        if (batch.Sequences < 1 || batch.Length < 1 || batch.Tokens.Length != batch.Sequences * batch.Length) throw EdgeBenchException.BadInput($"{batch.Tokens.Length} tokens", $"{batch.Sequences} sequences of {batch.Length}");
        int wrong = Outside(batch.Tokens, vocabulary);
        if (wrong >= 0) throw EdgeBenchException.BadInput($"token {batch.Tokens[wrong]} at {wrong}", $"0 to {vocabulary - 1}, the model's vocabulary", "Use the model's own tokenizer.");
    }

    private static void Targets(Batch batch, int count, int classes)
    {
        if (batch.Targets.Length != count) throw EdgeBenchException.BadInput($"{batch.Targets.Length} targets", $"{count}");
        for (int i = 0; i < count; i++)
        {
            int target = batch.Targets[i];
            if (target != Batch.Ignored && (target < 0 || target >= classes)) throw EdgeBenchException.BadInput($"target {target} at {i}", $"0 to {classes - 1}, or {Batch.Ignored} for none");
        }
    }

    private static int Outside(int[] values, int end) => values.AsSpan().IndexOfAnyExceptInRange(0, end - 1);
}
