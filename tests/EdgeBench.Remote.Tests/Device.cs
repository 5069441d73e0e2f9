using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.TrialDouble;

namespace EdgeBench.Remote.Tests;

/// <summary>Requests for the misbehaving program, and looks at its processes.</summary>
internal static class Device
{
    public static ArtifactFile Artifact(string path) => new(path, "fake", new FileInfo(path).Length, ContentHash.OfFile(path));

    public static TrialRequest Request(string deed, string artifact, double seconds = 60) => new()
    {
        TrialId = Guid.NewGuid().ToString("N"),
        CellId = "cell",
        Backend = FakeBackend.TypeName,
        BackendOptions = Json("{}"),
        Artifact = Artifact(artifact),
        Workload = MisbehavingWorkload.TypeName,
        Parameters = Json($$"""{"do": "{{deed}}"}"""),
        Threads = 1,
        Sampling = new Sampling(0, 1, 0, 1),
        Limits = new TrialLimits(seconds, 0),
        Seed = 1,
    };

    /// <summary>Children of a process.</summary>
    public static int[] ChildrenOf(int process)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{process}/task")
                .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(int.Parse)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    public static bool IsGone(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'Z';
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static async Task UntilAsync(Func<bool> holds, double seconds, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"{what}: not within {seconds} s");
            await Task.Delay(10);
        }
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
