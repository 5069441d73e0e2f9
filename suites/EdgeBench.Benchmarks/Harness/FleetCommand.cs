using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace EdgeBench.Benchmarks.Harness;

/// <summary>
/// <c>fleet</c>: processor time of one controller that drives many devices at once. Every device is a real agent with a cache of its own, and every trial a real
/// process that waits and prints figures, so that the machine's cores are left to the controller; only its own process is counted.
/// </summary>
internal static class FleetCommand
{
    public static Command Create()
    {
        Option<int> devices = new("--devices") { Description = "Agents at once; each takes some 60 MB.", DefaultValueFactory = _ => 50 };
        Option<int> seconds = new("--seconds") { Description = "What a trial lasts.", DefaultValueFactory = _ => 20 };
        Option<int> sessions = new("--sessions") { Description = "Trials on each device.", DefaultValueFactory = _ => 3 };
        Command command = new("fleet", "Cores that the controller takes while it drives many devices (limit: 1 for 50).") { devices, seconds, sessions };
        command.SetAction(parsed => RunAsync(parsed.GetValue(devices), parsed.GetValue(seconds), parsed.GetValue(sessions)));
        return command;
    }

    private static async Task<int> RunAsync(int devices, int seconds, int sessions)
    {
        string folder = Directory.CreateTempSubdirectory("edgebench-fleet-").FullName;
        try
        {
            string bench = Path.Combine(folder, "bench.yaml");
            await File.WriteAllTextAsync(bench, Bench(folder, devices, sessions));
            for (int i = 0; i < devices; i++) Allow(Directory.CreateDirectory(Path.Combine(folder, $"d{i}")).FullName, seconds);
            return await MeasureAsync(Programs.Start("run", bench, "--no-report", "--allow-missing", "--out", Path.Combine(folder, "run")), devices, sessions);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(Process controller, int devices, int sessions)
    {
        using (controller)
        {
            controller.StandardInput.Close();
            Task<string> output = controller.StandardOutput.ReadToEndAsync();
            StringBuilder said = new();
            Moment start = new(0, TimeSpan.Zero), sent = start, ended = start;
            int measured = 0;
            Stopwatch watch = Stopwatch.StartNew();
            while (await controller.StandardError.ReadLineAsync() is { } line)
            {
                said.AppendLine(line);
                if (line.Contains("already measured", StringComparison.Ordinal)) sent = Now();
                if (line.Contains("decode", StringComparison.Ordinal) && ++measured > 0) ended = Now();
            }
            await controller.WaitForExitAsync();
            if (controller.ExitCode != 0 || measured != devices * sessions)
            {
                await Console.Error.WriteLineAsync($"{measured} of {devices * sessions} trials ended well; the controller's exit code is {controller.ExitCode}:\n{said}{await output}");
                return 1;
            }
            double cores = Cores(sent, ended);
            Console.WriteLine($"{devices} devices, {measured} trials: starting and preparing took {sent.Seconds:0.0} s at {Cores(start, sent):0.000} cores");
            Console.WriteLine($"from the first trial's start to the last one's end {ended.Seconds - sent.Seconds:0.0} s: controller {(ended.Busy - sent.Busy).TotalSeconds:0.00} core-seconds, {cores:0.000} cores (limit 1)");
            return cores < 1 ? 0 : 1;

            Moment Now()
            {
                controller.Refresh();
                return new(watch.Elapsed.TotalSeconds, controller.TotalProcessorTime);
            }
        }
    }

    private static double Cores(Moment from, Moment to) => (to.Busy - from.Busy).TotalSeconds / (to.Seconds - from.Seconds);

    private static string Bench(string folder, int devices, int sessions)
    {
        StringBuilder text = new($$"""
            name: fleet
            models: { m: { source: "random:", shape: { layers: 1, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true } } }
            recipes: { fp16: [] }
            backends:
              waiting: { type: external, tool: json-lines, seconds: took, figures: [ { path: rate, metric: decode_tok_s, unit: tok/s, definition: made up to count the work of the controller } ] }
            workloads: { w: { scenario: single-stream, generate: 4 } }
            measure: { sessions: {{sessions}}, min_samples: 3, min_duration: 10ms, seed: 1 }
            devices:

            """);
        for (int i = 0; i < devices; i++)
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"  d{i}: {{ launcher: {{ command: {{ folder: {JsonSerializer.Serialize(Path.Combine(folder, $"d{i}"))} }} }} }}");
        return text.ToString();
    }

    // What a device's own list lets its trials run (external.json of its cache).
    private static void Allow(string cache, int seconds)
    {
        string script = Path.Combine(cache, "wait.sh"), list = Path.Combine(cache, "external.json");
        File.WriteAllText(script, $"#!/bin/sh\nsleep {seconds}\ni=0\nwhile [ $i -lt $2 ]; do i=$((i+1)); echo '{{\"rate\": 100, \"took\": 0.1}}'; done\n");
        File.WriteAllText(list, JsonSerializer.Serialize(new Dictionary<string, object> { ["json-lines"] = new { path = script, arguments = new[] { "{model}", "{repetitions}", "{generate}" } } }));
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(list, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private readonly record struct Moment(double Seconds, TimeSpan Busy);
}
