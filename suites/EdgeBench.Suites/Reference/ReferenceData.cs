using EdgeBench.Core.Numbers;
using EdgeBench.Suites.Reference.Home;
using EdgeBench.Suites.Reference.Kitchen;
using EdgeBench.Suites.Reference.Robot;
using EdgeBench.Suites.Reference.Stories;
using EdgeBench.Suites.Reference.Triage;

namespace EdgeBench.Suites.Reference;

/// <summary>
/// The texts that the reference model is trained and scored on, made on the spot: the same seed gives the same texts on every machine. What is held out is in suites/reference/README.md.
/// </summary>
public static class ReferenceData
{
    /// <summary>Goes up with every change of a text.</summary>
    public const int Version = 1;

    // Texts that are drawn in vain before the grammar counts as used up: a split is a tenth of all draws at least.
    private const int MostVainDraws = 100_000;

    /// <summary>Tasks of the training mix; <see cref="ReferenceTask.Kitchen"/> is never among them.</summary>
    public static IReadOnlyList<ReferenceTask> Mix { get; } = [ReferenceTask.Home, ReferenceTask.Triage, ReferenceTask.Robot, ReferenceTask.Stories];

    /// <summary>Items of a split.</summary>
    public static int Count(ReferenceTask task, ReferenceSplit split) => split switch
    {
        ReferenceSplit.Train => task switch { ReferenceTask.Kitchen => 4_000, ReferenceTask.Stories => 30_000, _ => 60_000 },
        ReferenceSplit.Validation => 1_000,
        _ => 1_500,
    };

    /// <summary>All items of a split, no prompt (of stories: no text) twice. Splits share no text, no held-out template part and no held-out combination, whatever the seeds.</summary>
    public static IEnumerable<ReferenceItem> Generate(ulong seed, ReferenceSplit split, ReferenceTask task)
    {
        IReferenceGrammar grammar = Grammar(task);
        Chance chance = new(SplitMix64.Mix(seed) ^ SplitMix64.Mix(((ulong)task << 8) | (ulong)split | (1UL << 32)));
        HashSet<string> seen = new(StringComparer.Ordinal);
        string name = $"{Name(task)}-{split.ToString().ToLowerInvariant()}";
        int vain = 0;
        while (seen.Count < Count(task, split))
        {
            if (vain++ > MostVainDraws) throw new InvalidOperationException($"The grammar of {name} has no more than {seen.Count} texts.");
            Draft draft = grammar.Draw(chance);
            if (HoldOut.Of(draft.Templates.Concat(draft.Combinations)) != split || !seen.Add(draft.Prompt.Length > 0 ? draft.Prompt : draft.Completion)) continue;
            vain = 0;
            yield return new ReferenceItem($"{name}-{seen.Count - 1}", task, string.Join('+', draft.Templates), string.Join('+', draft.Combinations), draft.Prompt, draft.Completion);
        }
    }

    /// <summary>As in file names and ids.</summary>
    public static string Name(ReferenceTask task) => task.ToString().ToLowerInvariant();

    private static IReferenceGrammar Grammar(ReferenceTask task) => task switch
    {
        ReferenceTask.Home => new HomeGrammar(),
        ReferenceTask.Triage => new TriageGrammar(),
        ReferenceTask.Robot => new RobotGrammar(),
        ReferenceTask.Stories => new StoryGrammar(),
        ReferenceTask.Kitchen => new KitchenGrammar(),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };
}
