using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Compression.Folding;
using EdgeBench.Compression.Quantising;
using EdgeBench.Compression.SmoothQuant;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Benchmarks.Compression;

/// <summary><c>compression</c>: calibrated quantisation against the published numbers of <c>compression-valid.json</c>, on the same tokens.</summary>
internal static class CompressionCommand
{
    public static Command Create()
    {
        Option<string> subject = new("--model") { Description = "smollm2 or stories15m.", DefaultValueFactory = _ => "stories15m" };
        subject.AcceptOnlyFromAmong("smollm2", "stories15m");
        Option<DirectoryInfo> shared = new("--shared") { Description = "Folder with golden, models and data.", Required = true };
        Option<string> rows = new("--rows") { Description = "golden, ours, or names separated by commas.", DefaultValueFactory = _ => "golden" };
        Option<int> sequences = new("--sequences") { Description = "Calibration sequences; 0 takes the golden table's.", DefaultValueFactory = _ => 0 };
        Option<double> damping = new("--damping") { Description = "Share of the Hessian's mean diagonal that GPTQ adds to it: a change far below it tells how far a row depends on rounding.", DefaultValueFactory = _ => new LevelSettings().Damping };
        shared.AcceptExistingOnly();
        Command command = new("compression", "Perplexity after calibrated quantisation, beside the golden table.") { subject, shared, rows, sequences, damping };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(parsed.GetRequiredValue(subject), parsed.GetRequiredValue(shared).FullName, parsed.GetRequiredValue(rows), parsed.GetValue(sequences), parsed.GetValue(damping), cancellation), cancellation));
        return command;
    }

    private static int Run(string name, string shared, string rows, int sequences, double damping, CancellationToken cancellation)
    {
        CompressionSubject subject = CompressionSubject.Of(name, shared, sequences);
        MethodRow[] all = [.. MethodRow.Golden, .. MethodRow.Ours];
        MethodRow[] chosen = rows switch
        {
            "golden" => [.. MethodRow.Golden],
            "ours" => [.. MethodRow.Ours],
            _ => [.. rows.Split(',').Select(row => all.FirstOrDefault(one => one.Name == row)
                ?? throw new ArgumentException($"'{row}' is no row; expected one of {string.Join(", ", all.Select(one => one.Name))}."))],
        };
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(shared, "golden/compression-valid.json")));
        using GgufFile file = GgufFile.Open(subject.ModelPath);
        GgufWeights stored = new(file);
        IWeights reference = subject.Folds ? new FoldedReference(stored) : stored;
        SliceScorer scorer = new(stored, subject.Windows);
        Dictionary<string, SliceScore> scores = [];
        Console.WriteLine($"{subject.Key}: {subject.Calibration.Sequences.Count} x {subject.Calibration.Length} calibration tokens, {subject.Windows.Count} windows of {subject.Windows[0].Length}");
        Console.WriteLine(GoldenTable.Header);
        Quantised? last = null;
        foreach (MethodRow row in chosen.Select(row => row with { Settings = row.Settings with { Damping = damping } }))
        {
            IWeights weights = row.Unfolded ? stored : reference;
            // Rows that differ in activations only share their weights.
            bool same = last is not null && last.Row with { Name = row.Name, Activations = row.Activations } == row && (row.Activations != ActivationKind.Static || last.InputScales.Count > 0);
            if (!same)
            {
                // One row's weights at a time; the peak that is printed is then a row's, not garbage of those before.
                last = null;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            }
            last ??= Quantise(row, weights, subject, cancellation);
            SliceScore score = scorer.Score(new OverlayWeights(weights, last.Changed), Tap(row, last));
            scores[row.Name] = score;
            Console.WriteLine(GoldenTable.Line(row.Name, score, GoldenTable.Find(golden, subject.Key, row.Name), last.Calibrating, last.Solving, Process.GetCurrentProcess().PeakWorkingSet64));
        }
        foreach (string line in GoldenTable.Orderings(golden, subject.Key, scores)) Console.WriteLine(line);
        return 0;
    }

    private static Quantised Quantise(MethodRow row, IWeights weights, CompressionSubject subject, CancellationToken cancellation)
    {
        Dictionary<string, float[]> changed = [];
        Dictionary<(int, LinearSite), float> scales = [];
        void Keep(BlockResult block)
        {
            foreach (MatrixResult matrix in block.Matrices) changed[matrix.Name] = matrix.Quantised.Dequantise();
            foreach ((string vector, float[] values) in block.Vectors) changed[vector] = values;
            foreach ((LinearSite site, float largest) in block.LargestInputs) scales[(block.Layer, site)] = largest / ActivationRounding.Highest;
        }
        (double calibrating, double solving) = (0, 0);
        if (row.Settings.NeedsCalibration || row.Activations == ActivationKind.Static)
            (calibrating, solving) = ModelQuantiser.Run(weights, subject.Calibration, row.Settings, row.Prefix, _ => row.Grid, Keep, null, cancellation);
        else ModelQuantiser.Round(weights, row.Settings, _ => row.Grid, Keep, cancellation);
        return new Quantised(row, changed, scales, calibrating, solving);
    }

    private static ActivationTap? Tap(MethodRow row, Quantised quantised) => row.Activations switch
    {
        ActivationKind.Static => ActivationRounding.Static(quantised.InputScales),
        ActivationKind.PerToken => ActivationRounding.PerToken,
        _ => null,
    };

    private sealed record Quantised(
        MethodRow Row, Dictionary<string, float[]> Changed, Dictionary<(int, LinearSite), float> InputScales, double Calibrating, double Solving);
}
