using System.Text;
using EdgeBench.Core.Runs;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Tests;

/// <summary>What a user would not publish with a report: how devices are reached, and what their own lists give to programs.</summary>
public class SecretsTests
{
    // The launcher is a program of the user's with words of its own, as 'docker exec -e' or 'sshpass -p' would be.
    private const string Bench = """
        name: quiet
        models: { m: { source: "random:", shape: { layers: 1, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true } } }
        recipes: { fp16: [] }
        backends:
          mine: { type: external, tool: json-lines, seconds: took, figures: [ { path: rate, metric: decode_tok_s, unit: tok/s, definition: words of a script } ] }
        devices:
          board: { launcher: { command: { command: [env, BOARD_KEY=hunter2-in-the-launcher, "{agent}", serve] } } }
        workloads: { w: { scenario: single-stream, generate: 4 } }
        measure: { sessions: 1, min_samples: 3, min_duration: 10ms, seed: 1 }
        """;

    [Theory]
    [InlineData("workloads.w.generate=4", "workloads.w.generate=4")]
    [InlineData("devices.board.launcher.command.command=[env, KEY=hunter2-on-the-command-line, '{agent}', serve]", "devices.board.launcher.command.command=…")]
    public async Task Neither_a_journal_nor_a_report_holds_them(string set, string kept)
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        AllowProgram(line);
        CommandResult run = await line.RunAsync("run", "--set", set);
        Assert.True(run.ExitCode is 0 or 4, run.Output + run.Error);
        string folder = Path.Combine(line.Folder, "runs", "quiet");
        StoredRun stored = RunJournal.ReadOnly(Path.Combine(folder, RunJournal.FileName));
        Assert.EndsWith($"--set {kept}", stored.Provenance["command_line"], StringComparison.Ordinal);
        Assert.Null(Assert.Single(stored.Cells.Single().Trials).Outcome.Failure);
        string[] written = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Contains(written, file => file.EndsWith("report.html", StringComparison.Ordinal));
        Assert.DoesNotContain(written, file => Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains("hunter2", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", run.Output + run.Error, StringComparison.Ordinal);
    }

    private static void AllowProgram(CommandLine line)
    {
        string script = line["script"], list = Path.Combine(line.Cache, "external.json");
        // It fails where its key did not arrive, so that the test cannot pass without one.
        File.WriteAllText(script, """
            #!/bin/sh
            [ "$1" = --key=hunter2-on-the-device ] || exit 1
            i=0; while [ $i -lt $3 ]; do i=$((i+1)); echo "{\"rate\": 10$i, \"took\": 0.1}"; done; sleep 0.4
            """);
        File.WriteAllText(list, $$"""{ "json-lines": { "path": "{{script}}", "arguments": ["--key=hunter2-on-the-device", "{model}", "{repetitions}", "{generate}"] } }""");
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(list, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
