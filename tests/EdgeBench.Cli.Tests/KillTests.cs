using System.Diagnostics;
using EdgeBench.Running.Journal;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Cli.Tests;

/// <summary>
/// Real kills of the run, its agent and a trial's process at random moments. EDGEBENCH_KILLS sets how many (20 for the full claim); the seed is printed.
/// </summary>
public class KillTests(ITestOutputHelper output)
{
    private const string Bench = """
        name: kills
        models: { m: random:llama-15m }
        recipes: { fp16: [], int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [llamacpp]
        devices: [local]
        workloads: { w: { scenario: single-stream, prompt: 16, generate: [4, 6], threads: [1, 2] } }
        measure: { sessions: 2, min_samples: 3, min_duration: 50ms, warmup: 1, seed: 5 }
        """;

    [Fact]
    public async Task Kills_cost_only_the_trial_in_flight_and_the_next_run_completes_the_plan()
    {
        CommandLine.RequireLlamaCpp();
        int kills = int.TryParse(Environment.GetEnvironmentVariable("EDGEBENCH_KILLS"), out int set) ? set : 3;
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        string journal = Path.Combine(line.Folder, "runs", "kills", RunJournal.FileName);

        Dictionary<string, byte[]> kept = [];
        for (int kill = 0; kill < kills;)
        {
            // A run with nothing left to do cannot be killed at work.
            string[] fresh = kept.Count >= 14 ? ["--fresh"] : [];
            if (fresh.Length > 0) kept = [];
            using Process run = line.Start(["run", "--no-report", .. fresh]);
            _ = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            _ = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await Task.Delay(random.Next(300, 3000), TestContext.Current.CancellationToken);
            string what = (kill % 3) switch { 0 => "run", 1 => "agent", _ => "trial" };
            int agent = Agent(run.Id), trial = Agent(agent);
            int victim = what switch { "run" => run.Id, "agent" => agent, _ => trial };
            // Too early, too late, or between two trials: nothing was killed, so it does not count.
            bool killed = victim > 0 && Kill(victim);
            output.WriteLine($"{(killed ? $"kill {++kill}" : "missed")}: {what} {victim}");
            if (killed && what == "run") await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            else if (!run.WaitForExit(TimeSpan.FromMinutes(4))) Assert.Fail($"the run did not end after its {what} was killed");
            foreach (int orphan in new[] { agent, trial }) Assert.True(await IsGoneAsync(orphan), $"process {orphan} outlived its {what}");

            Dictionary<string, byte[]> now = Samples(journal);
            foreach ((string id, byte[] readings) in kept) Assert.Equal(readings, now[id]);
            kept = now;
        }

        CommandResult last = await line.RunAsync("run", "--no-report");
        Assert.True(last.ExitCode == 0, last.Output + last.Error);
        Assert.Equal(16, Count(journal, "SELECT count(*) FROM trials WHERE succeeded = 1"));
        Assert.Equal(16, Count(journal, "SELECT count(*) FROM (SELECT DISTINCT cell_key, session FROM trials WHERE succeeded = 1)"));
        Assert.Equal(0, Count(journal, "SELECT count(*) FROM series WHERE trial_id NOT IN (SELECT id FROM trials)"));
        foreach ((string id, byte[] readings) in kept) Assert.Equal(readings, Samples(journal)[id]);
    }

    // The agent is a child of the run, and a trial is a child of the agent by the same program; a run has other children too, such as git.
    private static int Agent(int parent) => parent <= 0 ? 0 : Children(parent).FirstOrDefault(id => Read(id, "cmdline").Contains("edgebench-agent", StringComparison.Ordinal));

    private static bool Kill(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<int> Children(int parent)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id)) continue;
            if (ParentOf(id) == parent) yield return id;
        }
    }

    private static int ParentOf(int id) => Read(id, "stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]) : 0;

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Whatever is left of a killed run must be gone within five seconds (0 stands for a process that had not started).
    private static async Task<bool> IsGoneAsync(int id)
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            if (id <= 0 || !Directory.Exists($"/proc/{id}")) return true;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        return false;
    }

    private static Dictionary<string, byte[]> Samples(string journal)
    {
        if (!File.Exists(journal)) return [];
        using SqliteConnection connection = new($"Data Source={journal};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT trial_id || metric, readings FROM series JOIN trials ON trials.id = trial_id WHERE succeeded = 1 AND metric = 'decode_tok_s'";
        Dictionary<string, byte[]> samples = [];
        try
        {
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read()) samples[reader.GetString(0)] = reader.GetFieldValue<byte[]>(1);
        }
        catch (SqliteException) when (samples.Count == 0)
        {
            // Killed before the tables were there.
        }
        return samples;
    }

    private static long Count(string journal, string sql)
    {
        using SqliteConnection connection = new($"Data Source={journal};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
