using System.Security.Cryptography;
using System.Text;
using EdgeBench.Core.Numbers;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Reference;
using EdgeBench.Training.Data;

namespace EdgeBench.Training.Recipes;

/// <summary>The data of a recipe, read, split and encoded.</summary>
public sealed class TrainingData
{
    /// <summary>Version of the texts that <see cref="DataRecipe.Generate"/> makes, which have no file whose hash would tell.</summary>
    public const int GeneratedVersion = ReferenceData.Version;

    private const string TextField = "{text}", AnswerField = "{answer}";

    private readonly List<SplitData> _sources = [];

    /// <summary>Reads all sources. Throws <see cref="EdgeBenchException"/> (bad input) with file and line for what does not fit, and for splits that are empty or have one class only.</summary>
    /// <param name="resolve">From a path as written to one that can be opened.</param>
    public TrainingData(IEnumerable<DataRecipe> recipes, Func<string, string> resolve)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        ArgumentNullException.ThrowIfNull(resolve);
        foreach (DataRecipe recipe in recipes)
        {
            Check(recipe);
            _sources.Add(Limited(recipe, recipe.Generate is not null ? Generated(recipe) : recipe.Text is not null ? Texts(recipe, resolve) : Items(recipe, resolve)));
        }
    }

    /// <summary>Every text of the training split: what a tokenizer learns from.</summary>
    public IEnumerable<string> Words => _sources.SelectMany(source => source.Training).SelectMany(item => item.Text.Length > 0 ? new[] { item.Text, item.Answer } : [item.Answer]);

    /// <summary>The splits as tokens.</summary>
    public (ExampleSet Training, ExampleSet Validation) Encode(ITokenizer tokenizer, int context, bool learnsPrompts)
    {
        ExampleEncoder encoder = new(tokenizer, context, learnsPrompts);
        ExampleSet Of(Func<SplitData, IReadOnlyList<DatasetItem>> split) => ExampleSet.Join(_sources.Select(source =>
            source.Pairs ? encoder.Pairs(split(source), source.Name) : encoder.Texts(split(source).Select(item => item.Answer), source.Name)));
        return (Of(source => source.Training), Of(source => source.Validation));
    }

    /// <summary>Paths that a source names, as written.</summary>
    public static IEnumerable<string> Paths(DataRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return [.. recipe.Text is { } text ? [text] : Array.Empty<string>(), .. recipe.Files, .. recipe.ValidationFiles];
    }

    internal static string NameOf(DataRecipe recipe) => recipe.Name ?? recipe.Generate ?? Path.GetFileNameWithoutExtension(recipe.Text ?? recipe.Files[0]);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a source that is none, or several.</summary>
    public static void Check(DataRecipe recipe)
    {
        int given = (recipe.Generate is null ? 0 : 1) + (recipe.Text is null ? 0 : 1) + (recipe.Files.Count == 0 ? 0 : 1);
        if (given != 1) throw EdgeBenchException.BadInput(given == 0 ? "a source of data without 'generate', 'text' or 'files'" : "a source of data with several of 'generate', 'text' and 'files'", "one of them");
        if (recipe.Generate is { } task && !Tasks.Contains(task))
            throw EdgeBenchException.BadInput($"'generate: {task}'", $"one of {string.Join(", ", Tasks)}", Nearest.Question(task, Tasks));
        foreach ((string? template, string field, string key) in new[] { (recipe.Prompt, TextField, "prompt"), (recipe.Completion, AnswerField, "completion") })
        {
            if (template is not null && !template.Contains(field, StringComparison.Ordinal)) throw EdgeBenchException.BadInput($"'{key}: {template}'", $"a text with {field} in it");
        }
    }

    private static string[] Tasks { get; } = [.. Enum.GetValues<ReferenceTask>().Select(ReferenceData.Name)];

    private static SplitData Generated(DataRecipe recipe)
    {
        ReferenceTask task = Enum.GetValues<ReferenceTask>().Single(one => ReferenceData.Name(one) == recipe.Generate);
        // Texts are made one by one: what is not asked for takes no time.
        DatasetItem[] Of(ReferenceSplit split, int limit) => [.. ReferenceData.Generate(recipe.Seed, split, task).Take(limit > 0 ? limit : int.MaxValue).Select((item, i) => new DatasetItem(item.Prompt, item.Completion, $"generate: {recipe.Generate}", i + 1))];
        return new(NameOf(recipe), task != ReferenceTask.Stories, Of(ReferenceSplit.Train, recipe.Limit), Of(ReferenceSplit.Validation, recipe.ValidationLimit));
    }

    private static SplitData Texts(DataRecipe recipe, Func<string, string> resolve)
    {
        DatasetItem[] Of(string written) => [.. TextPiece.Read(resolve(written), recipe.Pieces).Select(piece => new DatasetItem("", piece.Text, written, piece.Line))];
        DatasetItem[] all = Of(recipe.Text!);
        if (recipe.ValidationFiles.Count > 0) return new(NameOf(recipe), false, all, [.. recipe.ValidationFiles.SelectMany(Of)]);
        return Split(recipe, false, all);
    }

    private static SplitData Items(DataRecipe recipe, Func<string, string> resolve)
    {
        Dataset all = Dataset.Read(recipe.Layout, [.. recipe.Files.Select(resolve)], [.. recipe.Parts]);
        if (recipe.ValidationFiles.Count > 0 || recipe.ValidationParts.Count > 0)
        {
            IReadOnlyList<string> files = recipe.ValidationFiles.Count > 0 ? recipe.ValidationFiles : recipe.Files;
            Dataset held = Dataset.Read(recipe.Layout, [.. files.Select(resolve)], [.. recipe.ValidationParts.Count > 0 ? recipe.ValidationParts : recipe.Parts]);
            return new(NameOf(recipe), true, Filled(recipe, all), Filled(recipe, held));
        }
        SplitData split = Split(recipe, true, all.Items);
        if (all.Labels is not null && split.Training.Select(item => item.Answer).Distinct().Count() < 2)
            throw EdgeBenchException.BadInput($"one class only in the {split.Training.Count} training items of '{split.Name}'", "two at least", "Hold out a smaller share, or give 'validation_files'.", recipe.Files[0]);
        return split with { Training = Filled(recipe, all with { Items = split.Training }), Validation = Filled(recipe, all with { Items = split.Validation }) };
    }

    private static DatasetItem[] Filled(DataRecipe recipe, Dataset data)
    {
        string prompt = recipe.Prompt ?? (data.Labels is null ? TextField : $"{TextField}\nLabel:"), completion = recipe.Completion ?? (data.Labels is null ? AnswerField : $" {AnswerField}");
        return [.. data.Items.Select(item => item with { Text = prompt.Replace(TextField, item.Text, StringComparison.Ordinal), Answer = completion.Replace(AnswerField, item.Answer, StringComparison.Ordinal) })];
    }

    // By a hash of the text, so that equal texts are never on both sides.
    private static SplitData Split(DataRecipe recipe, bool pairs, IReadOnlyList<DatasetItem> items)
    {
        ulong limit = (ulong)(recipe.Validation * ulong.MaxValue), seed = SplitMix64.Mix(recipe.Seed);
        ILookup<bool, DatasetItem> sides = items.ToLookup(item => SplitMix64.Mix(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(pairs ? item.Text : item.Answer))) ^ seed) < limit);
        if (recipe.Validation > 0 && (!sides[true].Any() || !sides[false].Any()))
        {
            throw EdgeBenchException.BadInput($"a share of {recipe.Validation} of {items.Count} items of '{NameOf(recipe)}' leaves no item to {(sides[true].Any() ? "learn" : "score")}", "items on both sides",
                "Give more data, another 'validation' or 'seed', or 'validation: 0'.");
        }
        return new(NameOf(recipe), pairs, [.. sides[false]], [.. sides[true]]);
    }

    private static SplitData Limited(DataRecipe recipe, SplitData data) => data with
    {
        Training = recipe.Limit > 0 ? [.. data.Training.Take(recipe.Limit)] : data.Training,
        Validation = recipe.ValidationLimit > 0 ? [.. data.Validation.Take(recipe.ValidationLimit)] : data.Validation,
    };
}
