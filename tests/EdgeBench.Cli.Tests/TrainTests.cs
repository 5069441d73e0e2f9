using System.Diagnostics;
using EdgeBench.Core.IO;
using EdgeBench.Running.Training;

namespace EdgeBench.Cli.Tests;

/// <summary><c>edgebench train</c> as users start it.</summary>
public class TrainTests(ITestOutputHelper output)
{
    private const string Recipe = """
        name: small
        model: { width: 64, layers: 2, heads: 4, kv_heads: 2, head_dim: 16, ffn: 96, context: 256 }
        tokenizer: { vocabulary: 400 }
        data: [ { generate: robot, limit: 400, validation_limit: 40 }, { text: notes.txt, pieces: lines, validation: 0.2 } ]
        training: { steps: 120, batch_tokens: 512, rate: 0.01, evaluate_every: 20, threads: 1 }
        """;

    private static CommandLine Folder()
    {
        CommandLine line = new();
        line.Write("small.yaml", Recipe);
        line.Write("notes.txt", string.Join('\n', Enumerable.Range(0, 60).Select(i => $"note {i} says that {i % 7} robots walked home")));
        return line;
    }

    [Fact]
    public async Task A_recipe_gives_a_model_a_journal_and_curves()
    {
        using CommandLine line = Folder();
        CommandResult train = await line.RunAsync("train", "small.yaml", "--set", "training.steps=40");
        Assert.True(train.ExitCode == 0, train.Output + train.Error);
        Assert.Contains("validation loss", train.Output);
        Assert.Contains("step 40/40", train.Error);
        string folder = Path.Combine(line.Folder, "runs", "small");
        foreach (string file in (string[])["small.gguf", "train.db", "curve.csv", "plots/training-1.png", "plots/training-1.svg"]) Assert.True(new FileInfo(Path.Combine(folder, file)).Length > 100, file);
        using TrainingJournal journal = TrainingJournal.Open(folder, fresh: false);
        Core.Training.StoredTraining stored = journal.Read("small");
        Assert.Equal(ContentHash.OfFile(Path.Combine(folder, "small.gguf")), stored.Facts["model_sha256"]);
        Assert.Equal([0, 20, 40], stored.Curve.Where(point => point.Validation.Count > 0).Select(point => point.Step));
        Assert.Equal(["notes", "robot"], stored.Curve[^1].Validation.Select(score => score.Group));
        CommandResult inspect = await line.RunAsync("models", "inspect", Path.Combine(folder, "small.gguf"));
        Assert.True(inspect.ExitCode == 0, inspect.Error);
    }

    [Fact]
    public async Task A_training_that_is_killed_ends_with_the_same_bytes()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        using CommandLine line = Folder();
        CommandResult whole = await line.RunAsync("train", "small.yaml", "--out", "whole");
        Assert.True(whole.ExitCode == 0, whole.Error);
        for (int kill = 0; kill < 3; kill++)
        {
            using Process train = line.Start("train", "small.yaml", "--out", "killed");
            _ = train.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            // After some score, and at any moment from there on.
            int scores = random.Next(1, 3);
            while (scores > 0 && await train.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } told)
            {
                if (told.StartsWith("step", StringComparison.Ordinal)) scores--;
            }
            await Task.Delay(random.Next(0, 200), TestContext.Current.CancellationToken);
            train.Kill();
            await train.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        CommandResult last = await line.RunAsync("train", "small.yaml", "--out", "killed");
        Assert.True(last.ExitCode == 0, last.Error);
        Assert.Equal(await File.ReadAllBytesAsync(line["whole/small.gguf"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(line["killed/small.gguf"], TestContext.Current.CancellationToken));
        CommandResult other = await line.RunAsync("train", "small.yaml", "--out", "killed", "--set", "training.rate=0.02");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("recipe", other.Error);
    }

    [Theory]
    [InlineData("training.rat=1", "small.yaml", "Did you mean 'rate'?")]
    [InlineData("data[0].generate=robt", "small.yaml", "Did you mean 'robot'?")]
    [InlineData("data[1].text=absent.txt", "small.yaml", "absent.txt")]
    [InlineData("model.kv_heads=3", "small.yaml", "kv_heads")]
    [InlineData("source=file:x.gguf", "small.yaml", "'source' and 'model'")]
    [InlineData("sequence_length=5000", "small.yaml", "at most 256")]
    [InlineData("training.optimiser=adam", "small.yaml", "Did you mean 'adamw'?")]
    [InlineData("name=x", "absent.yaml", "absent.yaml")]
    public async Task What_is_wrong_is_told(string set, string file, string expected)
    {
        using CommandLine line = Folder();
        CommandResult result = await line.RunAsync("train", file, "--set", set);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.False(File.Exists(line["runs/small/small.gguf"]));
    }
}
