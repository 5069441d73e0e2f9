namespace EdgeBench.Running.Execution;

/// <summary>Keeps the promise of <see cref="IRunObserver"/> where several devices run at once: one call at a time.</summary>
internal sealed class SerialObserver(IRunObserver inner) : IRunObserver
{
    private readonly Lock _gate = new();

    public void On(RunEvent happened)
    {
        lock (_gate) inner.On(happened);
    }
}
