namespace EdgeBench.Devices.Power;

/// <summary>A meter cannot be read: the message says what offends and what was expected, <see cref="Remedy"/> how to mend it.</summary>
public sealed class MeterException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;
}
