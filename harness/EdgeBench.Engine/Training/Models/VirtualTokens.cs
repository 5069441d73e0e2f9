using EdgeBench.Core.Numbers;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;

namespace EdgeBench.Engine.Training.Models;

/// <summary>What prompt and prefix tuning put before a text, and what that starts with.</summary>
internal static unsafe class VirtualTokens
{
    public const string Prompt = "prompt_embeddings";

    /// <summary>Trained embeddings, from those of tokens on.</summary>
    public static void LoadPrompt(this ParameterSet parameters, PromptOptions options, Parameter table) =>
        parameters.LoadAdded(Prompt, () => Rows(table, options.Start is null ? Drawn(options, table.Rows) : Chosen(options.Start, options.Tokens, table.Rows)), options.Tokens, table.Columns);

    /// <summary>Trained keys and values of each layer; called when all other parameters are there, and the model's graph has no prefix yet.</summary>
    public static void LoadPrefix(this ParameterSet parameters, PrefixOptions options, TrainableDecoder model)
    {
        int width = model.Shape.KvHeads * model.Shape.HeadDim;
        Lazy<(float[] Keys, float[] Values)[]>? start = options.Start is null ? null : new(() => KeysAndValues(model, Chosen(options.Start, options.Tokens, model.Shape.Vocabulary)));
        for (int layer = 0; layer < model.Shape.Layers; layer++)
        {
            string name = $"model.layers.{layer}.self_attn.prefix_";
            parameters.LoadAdded($"{name}k", () => start?.Value[layer].Keys ?? parameters.Normal(options.Seed, options.Tokens * width, options.Deviation), options.Tokens, width);
            parameters.LoadAdded($"{name}v", () => start?.Value[layer].Values ?? parameters.Normal(options.Seed, options.Tokens * width, options.Deviation), options.Tokens, width);
        }
    }

    private static int[] Drawn(PromptOptions options, int vocabulary)
    {
        SplitMix64 random = new(options.Seed);
        int[] tokens = new int[options.Tokens];
        for (int i = 0; i < tokens.Length; i++) tokens[i] = random.Next(vocabulary);
        return tokens;
    }

    private static int[] Chosen(IReadOnlyList<int> start, int count, int vocabulary)
    {
        if (start.Count == 0) throw EdgeBenchException.BadInput("an empty list of tokens to start with", "at least one token", "Leave it out to draw numbers.");
        foreach (int token in start)
        {
            if (token < 0 || token >= vocabulary) throw EdgeBenchException.BadInput($"token {token} to start with", $"0 to {vocabulary - 1}, the model's vocabulary", "Use the model's own tokenizer.");
        }
        return [.. Enumerable.Range(0, count).Select(i => start[i % start.Count])];
    }

    private static float[] Rows(Parameter table, int[] tokens)
    {
        float[] rows = new float[tokens.Length * table.Columns];
        fixed (float* first = rows)
        {
            for (int i = 0; i < tokens.Length; i++) table.CopyRow(tokens[i], first + (i * table.Columns));
        }
        return rows;
    }

    // Of every layer, as attention reads them.
    private static (float[] Keys, float[] Values)[] KeysAndValues(TrainableDecoder model, int[] tokens)
    {
        Graph graph = new();
        model.Forward(graph, 1, tokens.Length);
        Tape tape = new(graph, recomputes: false);
        using NativeBlock memory = new(tape.Bytes);
        tape.Place((nint)memory.Data);
        using StepContext context = new(1, 0) { Batch = new(1, tokens.Length, tokens, []) };
        List<(float[] Keys, float[] Values)> found = [];
        foreach (IOperation operation in graph.Operations)
        {
            if (operation is AttentionOperation) found.Add((Copy(operation.Inputs[1]), Copy(operation.Inputs[2])));
            operation.Forward(context);
        }
        return [.. found];
    }

    private static float[] Copy(Tensor tensor) => new ReadOnlySpan<float>(tensor.Value, (int)tensor.Count).ToArray();
}
