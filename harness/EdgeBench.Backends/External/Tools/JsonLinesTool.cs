using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeBench.Backends.External.Figures;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.External.Tools;

/// <summary>
/// Any program that prints one JSON object a line, with a declared command and a declared meaning of its numbers. A line without a mapped number is
/// its own business; a line that is no object, or a number that is none, is not.
/// </summary>
internal sealed partial class JsonLinesTool : IExternalTool
{
    private static readonly string[] s_places = ["model", "threads", "prompt", "generate", "depth", "repetitions"];

    public string Name => "json-lines";

    public string FormatOf(ExternalOptions options) => options.Format ?? "gguf";

    public string? WhyNot(ExternalOptions options, WorkloadShape shape)
    {
        if (options.Figures.Count == 0) return "json-lines needs 'figures': which number of a line is which metric";
        if (options.Figures.Select(Problem).FirstOrDefault(problem => problem is not null) is { } problem) return problem;
        if (options.Figures.GroupBy(figure => figure.Metric).FirstOrDefault(group => group.Count() > 1) is { } twice) return $"'figures' gives the metric '{twice.Key}' twice";
        if (options.Seconds is { } seconds && !JsonPath.TryParse(seconds, out _, out string wrong)) return $"'seconds': {wrong}";
        return options.Arguments.SelectMany(argument => Places().Matches(argument)).Select(match => match.Groups["name"].Value).FirstOrDefault(name => !s_places.Contains(name)) is { } unknown
            ? $"argument with '{{{unknown}}}'; expected one of: {string.Join(", ", s_places.Select(place => $"{{{place}}}"))}"
            : null;
    }

    public IReadOnlyList<Metric> Metrics(ExternalOptions options, WorkloadShape shape) => [.. options.Figures.Select(figure => MetricRegistry.Find(figure.Metric)).OfType<Metric>()];

    public IReadOnlyList<string> Arguments(ToolCall call, IReadOnlyList<string> declared)
    {
        string all = string.Join('\n', declared);
        foreach ((string place, bool needed) in new[]
        {
            ("model", true), ("prompt", call.Shape.Prompt > 0), ("generate", call.Shape.Generate > 0), ("depth", call.Shape.Depth > 0),
        })
        {
            if (needed && !all.Contains($"{{{place}}}", StringComparison.Ordinal))
                throw new TrialException(FailureKind.Unsupported, $"the program's arguments have no {{{place}}}, so it would measure something else", $"Add {{{place}}} to its arguments.");
        }
        return [.. declared.Select(argument => Places().Replace(argument, match => Value(call, match.Groups["name"].Value)))];
    }

    public ToolReport Read(ToolOutput output, ToolCall call)
    {
        ExternalOptions options = call.Options;
        IReadOnlyList<JsonElement> lines = JsonRecords.Lines(output.Output);
        List<ImportedFigure> figures = [.. options.Figures.Select(figure => Read(figure, lines))];
        IReadOnlyList<double>? durations = options.Seconds is { } seconds ? Seconds(seconds, lines) : null;
        int repetitions = figures.Min(figure => figure.Values.Count);
        if (durations is { Count: 0 }) throw new ToolOutputException($"no line with '{options.Seconds}'");
        if (durations is not null && durations.Count != repetitions) throw new ToolOutputException($"{durations.Count} lines with '{options.Seconds}' and {repetitions} readings");
        return new ToolReport
        {
            Figures = figures,
            Repetitions = repetitions,
            Seconds = durations?.Sum(),
            NoRawSamples = null,
            Durations = durations ?? [],
        };
    }

    /// <summary>Each repetition up to the arrival of the line that tells its time.</summary>
    public RunTimes When(ToolOutput output, ToolCall call, ToolReport report)
    {
        if (call.Options.Seconds is not { } seconds) return RunTimes.Unknown("'seconds' is not mapped");
        JsonPath.TryParse(seconds, out JsonPath? path, out _);
        List<TimedPart> parts = [];
        long? tokens = call.Shape.IsInference ? null : call.Shape.Prompt + call.Shape.Generate;
        foreach (ArrivedLine line in output.OutputLines)
        {
            double[] told = [.. JsonRecords.Lines(line.Text).SelectMany(path!.Numbers)];
            if (told.Length > 1) return RunTimes.Unknown("a line tells the time of several repetitions");
            if (told is [var took]) parts.Add(new TimedPart(line.At - took, line.At, 1, tokens));
        }
        return parts.Count == report.Repetitions
            ? RunTimes.Of(parts, output.Seconds, $"'{seconds}', up to the arrival of the line that tells it")
            : RunTimes.Unknown($"{parts.Count} of {report.Repetitions} lines have a time of arrival");
    }

    private static string? Problem(FigureMapping figure)
    {
        if (!JsonPath.TryParse(figure.Path, out _, out string wrong)) return wrong;
        IEnumerable<string> names = MetricRegistry.All.Where(IsSpeed).Select(metric => metric.Name);
        if (MetricRegistry.Find(figure.Metric) is not { } metric || !IsSpeed(metric))
            return $"metric '{figure.Metric}' cannot be imported; expected one of: {string.Join(", ", names)}. {Nearest.Question(figure.Metric, names)}".TrimEnd();
        if (Units.Factor(figure.Unit, metric.Unit) is null)
            return $"unit '{figure.Unit}' of '{figure.Metric}', which is in {metric.Unit}; expected one of: {string.Join(", ", Units.Names.Where(unit => Units.Factor(unit, metric.Unit) is not null))}";
        if (figure.Scale is not (> 0 and <= 1e15)) return $"scale {figure.Scale.ToString(CultureInfo.InvariantCulture)} of '{figure.Metric}'; expected a number above 0";
        return string.IsNullOrWhiteSpace(figure.Definition) ? $"'{figure.Metric}' needs a definition: what the program measures" : null;
    }

    // Quality needs a reference, and the file's sizes are read from the file.
    private static bool IsSpeed(Metric metric) => metric.Direction != Direction.Neutral && metric.Source == metric.Name && metric.Unit is "ms" or "tok/s" or "inf/s";

    private static ImportedFigure Read(FigureMapping figure, IReadOnlyList<JsonElement> lines)
    {
        Metric metric = MetricRegistry.Find(figure.Metric)!;
        JsonPath.TryParse(figure.Path, out JsonPath? path, out _);
        double factor = Units.Factor(figure.Unit, metric.Unit)!.Value * figure.Scale;
        double[] values = [.. lines.SelectMany(path!.Numbers).Select(value => Numbers.Positive(value * factor, $"'{figure.Path}' as {metric.Name}"))];
        return values.Length > 0 ? new ImportedFigure(metric, values, figure.Definition) : throw new ToolOutputException($"no line with '{figure.Path}' for {metric.Name}");
    }

    private static IReadOnlyList<double> Seconds(string text, IReadOnlyList<JsonElement> lines)
    {
        JsonPath.TryParse(text, out JsonPath? path, out _);
        return [.. lines.SelectMany(path!.Numbers)];
    }

    private static string Value(ToolCall call, string place) => place switch
    {
        "model" => call.Model,
        "threads" => Text(call.Threads),
        "prompt" => Text(call.Shape.Prompt),
        "generate" => Text(call.Shape.Generate),
        "depth" => Text(call.Shape.Depth),
        "repetitions" => Text(call.Repetitions),
        _ => throw new TrialException(FailureKind.Unsupported, $"argument with '{{{place}}}'", $"Use one of: {string.Join(", ", s_places)}."),
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<name>[a-z_]{1,32})\}")]
    private static partial Regex Places();
}
