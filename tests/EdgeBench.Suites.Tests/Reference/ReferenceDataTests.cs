using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeBench.Suites.Reference;

namespace EdgeBench.Suites.Tests.Reference;

public class ReferenceDataTests
{
    private static readonly ConcurrentDictionary<(ulong, ReferenceTask, ReferenceSplit), ReferenceItem[]> s_items = new();

    public static TheoryData<ReferenceTask> Tasks => [.. Enum.GetValues<ReferenceTask>()];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Splits_have_their_counts_and_share_no_text_whatever_the_seeds(ReferenceTask task)
    {
        Dictionary<string, ReferenceSplit> found = new(StringComparer.Ordinal);
        foreach (ulong seed in new[] { 1UL, 2UL })
        {
            foreach (ReferenceSplit split in Enum.GetValues<ReferenceSplit>())
            {
                ReferenceItem[] items = Items(seed, task, split);
                Assert.Equal(ReferenceData.Count(task, split), items.Length);
                Assert.Equal(items.Length, items.Select(Text).Distinct().Count());
                Assert.Equal(items.Length, items.Select(item => item.Id).Distinct().Count());
                foreach (ReferenceItem item in items) Assert.Equal(split, found.GetValueOrDefault(Text(item), split));
                foreach (ReferenceItem item in items) found[Text(item)] = split;
            }
        }
        Assert.True(Items(1, task, ReferenceSplit.Test).Length >= 1000);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Every_held_out_item_has_a_part_that_training_never_shows(ReferenceTask task)
    {
        HashSet<string> trained = [.. new[] { 1UL, 2UL }.SelectMany(seed => Items(seed, task, ReferenceSplit.Train)).SelectMany(Parts)];
        HashSet<string> validated = [.. Items(1, task, ReferenceSplit.Validation).SelectMany(Parts).Where(part => !trained.Contains(part))];
        HashSet<string> tested = [.. Items(1, task, ReferenceSplit.Test).SelectMany(Parts).Where(part => !trained.Contains(part))];
        Assert.All(Items(1, task, ReferenceSplit.Validation), item => Assert.Contains(Parts(item), validated.Contains));
        Assert.All(Items(1, task, ReferenceSplit.Test), item => Assert.Contains(Parts(item), tested.Contains));
        Assert.Empty(tested.Intersect(validated));
        // Both kinds are there: patterns of sentences, and combinations of what they speak of.
        Assert.Contains(Items(1, task, ReferenceSplit.Test), item => item.Template.Split('+').Any(tested.Contains));
        Assert.Contains(Items(1, task, ReferenceSplit.Test), item => Parts(item).Except(item.Template.Split('+')).Any(tested.Contains));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void No_word_of_a_test_is_unknown_to_training(ReferenceTask task)
    {
        HashSet<string> known = [.. Items(1, task, ReferenceSplit.Train).SelectMany(Words)];
        Assert.Empty(Items(1, task, ReferenceSplit.Test).SelectMany(Words).Where(word => !known.Contains(word)).Distinct());
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Equal_texts_have_equal_answers(ReferenceTask task)
    {
        Dictionary<string, string> answers = new(StringComparer.Ordinal);
        foreach (ReferenceItem item in new[] { 1UL, 2UL }.SelectMany(seed => Enum.GetValues<ReferenceSplit>().SelectMany(split => Items(seed, task, split))))
        {
            string prompt = Text(item);
            Assert.True(answers.TryAdd(prompt, item.Completion) || answers[prompt] == item.Completion, prompt);
        }
    }

    [Fact]
    public void Notes_are_labelled_as_their_text_says_by_the_rules() => Assert.All(Held(ReferenceTask.Triage), item => Assert.Equal(TriageReading.Label(item.Prompt), item.Completion));

    [Fact]
    public void Robots_do_what_the_text_says_by_the_grammar() => Assert.All(Held(ReferenceTask.Robot), item => Assert.Equal(RobotReading.Actions(item.Prompt["robot: ".Length..^1]), item.Completion));

    [Theory]
    [InlineData(ReferenceTask.Home)]
    [InlineData(ReferenceTask.Triage)]
    [InlineData(ReferenceTask.Kitchen)]
    public void Answers_are_compact_JSON_with_keys_in_one_order(ReferenceTask task)
    {
        string[] order = ["intent", "device", "room", "except", "value", "at", "in", "category", "urgency", "do", "mode", "degrees", "item", "with", "for", "dish", "without", "people", "minutes", "amount", "unit"];
        foreach (ReferenceItem item in Held(task))
        {
            JsonNode answer = JsonNode.Parse(item.Completion)!;
            Assert.Equal(answer.ToJsonString(), item.Completion);
            foreach (JsonObject one in answer is JsonArray many ? many.Select(node => node!.AsObject()) : [answer.AsObject()])
                Assert.Equal(one.Select(entry => Array.IndexOf(order, entry.Key)).Order(), one.Select(entry => Array.IndexOf(order, entry.Key)));
        }
    }

    [Theory]
    [InlineData(ReferenceTask.Home)]
    [InlineData(ReferenceTask.Triage)]
    [InlineData(ReferenceTask.Robot)]
    [InlineData(ReferenceTask.Kitchen)]
    public void Neither_the_commonest_answer_nor_that_of_the_most_similar_text_scores_well(ReferenceTask task)
    {
        ReferenceItem[] tests = Items(1, task, ReferenceSplit.Test);
        Assert.InRange(tests.GroupBy(item => item.Completion).Max(group => group.Count()) / (double)tests.Length, 0, 0.15);
        (HashSet<string> Words, string Answer)[] trained = [.. Items(1, task, ReferenceSplit.Train).Take(10_000).Select(item => (item.Prompt.Split(' ').ToHashSet(), item.Completion))];
        int right = tests.Take(100).Count(item =>
        {
            HashSet<string> words = [.. item.Prompt.Split(' ')];
            return trained.MaxBy(one => words.Count(one.Words.Contains) / (double)words.Union(one.Words).Count()).Answer == item.Completion;
        });
        Assert.InRange(right, 0, 40);
    }

    [Theory]
    [InlineData(ReferenceTask.Home, "9828cc7c1e3771c9a2294818226f1a2bdc068baecca1397ab88bfcac7d5dc841")]
    [InlineData(ReferenceTask.Triage, "a1bacc9ec8ef2af9bdd0c66af403dd9e702ef94c504a506601b8a76414a2ec21")]
    [InlineData(ReferenceTask.Robot, "fea0df3dfc048a5bb052333dfb1c1f229d6566003bd96ba51d0e607eb9e2391f")]
    [InlineData(ReferenceTask.Stories, "c06f8cba61a0460ae1173ff0b1086abac7c01f9ed3f975e752b9bcbedd6e81b3")]
    [InlineData(ReferenceTask.Kitchen, "38dde67ab13c52be6e10f565fbccde257c6deef20cac3691569de54e7e5accc0")]
    public void The_texts_of_this_version_are_the_same_everywhere(ReferenceTask task, string sha256)
    {
        using MemoryStream stream = new();
        ReferenceFiles.Write(ReferenceData.Generate(1, ReferenceSplit.Test, task), stream);
        // Another hash with the same version would part scores from the texts that they are of: raise ReferenceData.Version with it.
        Assert.Equal(1, ReferenceData.Version);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())));
    }

    private static IEnumerable<ReferenceItem> Held(ReferenceTask task) => Items(1, task, ReferenceSplit.Train).Take(5_000).Concat(Items(1, task, ReferenceSplit.Validation)).Concat(Items(1, task, ReferenceSplit.Test));

    private static ReferenceItem[] Items(ulong seed, ReferenceTask task, ReferenceSplit split) => s_items.GetOrAdd((seed, task, split), key => [.. ReferenceData.Generate(key.Item1, key.Item3, key.Item2)]);

    private static string Text(ReferenceItem item) => item.Prompt.Length > 0 ? item.Prompt : item.Completion;

    private static IEnumerable<string> Parts(ReferenceItem item) => $"{item.Template}+{item.Combination}".Split('+', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Words(ReferenceItem item) => $"{item.Prompt} {item.Completion}".Split([.. " \n,.:/\"{}[]_"], StringSplitOptions.RemoveEmptyEntries);
}
