using System.Text.Json;
using EdgeBench.Backends.Adapters;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Programs;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.External;

/// <summary>Programs that measure by themselves, from the device's own list; their figures are imported with their own definitions.</summary>
public sealed class ExternalBackend : IMeasuringBackend
{
    public const string TypeName = "external";

    public string Name => TypeName;

    public string Format => FormatOf(default);

    public Type OptionsType => typeof(ExternalOptions);

    public string FormatOf(JsonElement options)
    {
        ExternalOptions chosen = ExternalOptions.Of(options);
        return ExternalToolRegistry.Find(chosen.Tool).FormatOf(chosen);
    }

    public BackendStatus Probe(JsonElement options)
    {
        string? path = null;
        try
        {
            AllowedProgram program = AllowedPrograms.Find(ExternalOptions.Of(options).Entry, given: []);
            path = program.Path;
            return new(true, ProgramVersion.Of(program), path, null, null);
        }
        catch (ProgramRefusedException exception)
        {
            return new(false, null, path, exception.Message, exception.Remedy);
        }
        catch (TrialException exception)
        {
            return new(false, null, path, exception.Failure.Message, exception.Failure.Remedy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(false, null, path, $"'{path}' cannot be read: {exception.Message}", "Make it readable for the user who runs the agent.");
        }
    }

    public string? WhyNot(JsonElement options, WorkloadShape? shape)
    {
        if (shape is null) return "programs outside of EdgeBench tell speed only: quality needs the logits of a backend that opens sessions";
        ExternalOptions chosen = ExternalOptions.Of(options);
        IExternalTool tool = ExternalToolRegistry.Find(chosen.Tool);
        if (tool.Name != "json-lines" && (chosen.Figures.Count > 0 || chosen.Seconds is not null || chosen.Format is not null))
            return $"'figures', 'seconds' and 'format' belong to json-lines; {tool.Name} has its own";
        return chosen.Arguments.Any(argument => argument.Contains('\0')) ? "an argument that is no text" : tool.WhyNot(chosen, shape);
    }

    public IReadOnlyList<Metric> Metrics(JsonElement options, WorkloadShape shape)
    {
        ExternalOptions chosen = ExternalOptions.Of(options);
        return ExternalToolRegistry.Find(chosen.Tool).Metrics(chosen, shape);
    }

    public TrialFailure? Refuse(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(needs);
        string format = FormatOf(options);
        if (artifact.Format != format) return new(FailureKind.Unsupported, $"{ExternalOptions.Of(options).Tool} runs {format}, not {artifact.Format}", $"Give the artifact as {format}.");
        if (SessionAdapters.Refuse(artifact, ExternalOptions.Of(options).Tool) is { } adapted) return adapted;
        return needs.Threads < 1 ? new(FailureKind.Unsupported, $"{needs.Threads} threads; expected 1 at least", "Correct 'threads'.") : null;
    }

    /// <summary>Always refuses: a program has no session.</summary>
    public IBackendSession Open(ArtifactFile artifact, JsonElement options, SessionNeeds needs) =>
        throw new TrialException(FailureKind.Unsupported, "external programs open no sessions: they only tell their own figures of speed", "Take another backend for this workload.");

    public MeasureRemarks Measure(MeasureContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TrialRequest request = context.Request;
        if (WhyNot(request.BackendOptions, context.Shape) is { } reason) throw new TrialException(FailureKind.Unsupported, reason, "Change the backend's options or the workload.");
        ExternalOptions options = ExternalOptions.Of(request.BackendOptions);
        IExternalTool tool = ExternalToolRegistry.Find(options.Tool);
        return new ToolMeasurement(context, options, tool, Find(options)).Run();
    }

    private static AllowedProgram Find(ExternalOptions options)
    {
        try
        {
            return AllowedPrograms.Find(options.Entry, options.Arguments);
        }
        catch (ProgramRefusedException exception)
        {
            throw new TrialException(new TrialFailure(exception.ByArguments ? FailureKind.Unsupported : FailureKind.BackendMissing, exception.Message, exception.Remedy), exception);
        }
    }
}
