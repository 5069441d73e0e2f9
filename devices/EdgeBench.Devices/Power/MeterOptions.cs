using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.IO;

namespace EdgeBench.Devices.Power;

/// <summary>What every meter can be told.</summary>
public abstract record MeterOptions
{
    [Description("Readings a second."), Range(0.1, 100.0)]
    public double Rate { get; init; } = 10;

    [Description("Time before and after a trial in which the idle power is read; 0s reads none, and there are no net figures."), Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(2);

    [Description("Share of a trial's timed part that may lie in gaps between readings; above it the trial has no energy figure."), Range(0.0, 0.5)]
    public double MaxGapShare { get; init; } = 0.05;

    /// <summary>The options of a device's file; undefined means all defaults. Throws <see cref="MeterException"/> where they do not fit.</summary>
    internal static T Of<T>(JsonElement options) where T : MeterOptions => (T)Of(typeof(T), options);

    /// <inheritdoc cref="Of{T}"/>
    internal static MeterOptions Of(Type type, JsonElement options)
    {
        try
        {
            JsonElement given = options.ValueKind == JsonValueKind.Undefined ? JsonSerializer.SerializeToElement(new { }) : options;
            MeterOptions read = (MeterOptions?)given.Deserialize(type, EdgeBenchJson.Options) ?? throw new JsonException("'null' is no options");
            // The agent trusts no controller to have checked: a rate of zero would wait for ever.
            List<ValidationResult> problems = [];
            return Validator.TryValidateObject(read, new ValidationContext(read), problems, validateAllProperties: true)
                ? read
                : throw new JsonException(string.Join(' ', problems.Select(problem => problem.ErrorMessage)));
        }
        catch (JsonException exception)
        {
            throw new MeterException($"the meter's options do not fit: {exception.Message}", "Correct them in the device's file.", exception);
        }
    }
}
