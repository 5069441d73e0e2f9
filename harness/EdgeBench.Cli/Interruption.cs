using System.Runtime.InteropServices;

namespace EdgeBench.Cli;

/// <summary>Ctrl+C and SIGTERM: the first asks a command to end and to keep what it has; the second ends the process at once, as it would by itself.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested) return;
        context.Cancel = true;
        // Not on this thread: it has the next signal to take.
        _ = _source.CancelAsync();
    }
}
