using EdgeBench.Suites.Reference;
using EdgeBench.Testing;

namespace EdgeBench.Suites.Tests.Reference;

public class StoredFilesTests
{
    [Theory]
    [InlineData(ReferenceTask.Home)]
    [InlineData(ReferenceTask.Triage)]
    [InlineData(ReferenceTask.Robot)]
    [InlineData(ReferenceTask.Kitchen)]
    [InlineData(ReferenceTask.Stories)]
    public void The_tests_in_the_repository_are_those_of_the_generator(ReferenceTask task)
    {
        using MemoryStream stream = new();
        ReferenceFiles.Write(ReferenceData.Generate(1, ReferenceSplit.Test, task), stream);
        Assert.Equal(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "suites", "reference", ReferenceFiles.Name(task, ReferenceSplit.Test))), stream.ToArray());
    }

    [Fact]
    public void Calibration_texts_are_training_texts()
    {
        string[] stored = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "suites", "reference", "calibration.txt")).TrimEnd('\n').Split("\n\n");
        HashSet<string> training = [.. ReferenceData.Mix.SelectMany(task => ReferenceData.Generate(1, ReferenceSplit.Train, task).Take(200)).Select(item => item.Prompt + item.Completion)];
        Assert.True(stored.Length > 400);
        Assert.All(stored, text => Assert.Contains(text, training));
    }
}
