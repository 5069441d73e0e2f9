namespace EdgeBench.Running.Execution;

/// <summary>Lines for people as events of a run.</summary>
internal sealed class PreparingLines(IRunObserver observer) : IProgress<string>
{
    public void Report(string value) => observer.On(new Preparing(value, 0, null));
}
