using System.CommandLine;
using System.Diagnostics;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;

namespace EdgeBench.Benchmarks.Harness;

/// <summary><c>planning</c>: a configuration of 100,000 cells, from text to plan.</summary>
internal static class PlanningCommand
{
    public static Command Create()
    {
        Command command = new("planning", "Parse and plan 100,000 cells: seconds and memory.");
        command.SetAction(_ =>
        {
            string path = Path.Combine(Path.GetTempPath(), $"edgebench-planning-{Environment.ProcessId}.yaml");
            // 5 models x 10 recipes x 2 backends x 1,000 workloads.
            string models = string.Join(", ", Enumerable.Range(0, 5).Select(i => $"m{i}: {{ source: 'random:smollm2-135m', seed: {i} }}"));
            string recipes = string.Join(", ", Enumerable.Range(0, 10).Select(i => $"r{i}: [ {{ ptq: {{ weights: {(i % 2 == 0 ? "q8_0" : "q4_0")} }} }} ]"));
            string sizes = string.Join(", ", Enumerable.Range(1, 100));
            File.WriteAllText(path, $$"""
                name: planning
                models: { {{models}} }
                recipes: { {{recipes}} }
                backends: { a: { type: llamacpp }, b: { type: llamacpp, flash_attention: on } }
                workloads: { w: { scenario: single-stream, prompt: [{{sizes}}], generate: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } }
                """);
            try
            {
                long start = Stopwatch.GetTimestamp();
                PlannedRun planned = RunPlanning.Plan(BenchFile.Load(path, [], HarnessVocabulary.Instance), null);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                using Process self = Process.GetCurrentProcess();
                Console.WriteLine($"{planned.Plan.Cells.Count:N0} cells: {seconds:0.00} s, peak resident memory {self.PeakWorkingSet64 / 1e6:0} MB");
            }
            finally
            {
                File.Delete(path);
            }
        });
        return command;
    }
}
