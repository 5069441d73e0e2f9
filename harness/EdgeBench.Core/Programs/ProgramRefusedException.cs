namespace EdgeBench.Core.Programs;

/// <summary>The device does not let a program be started: the message says why, <see cref="Remedy"/> what its owner may write where.</summary>
/// <param name="byArguments">The program is allowed; the arguments that a configuration gives are not.</param>
public sealed class ProgramRefusedException(string message, string remedy, bool byArguments = false, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;

    public bool ByArguments { get; } = byArguments;
}
