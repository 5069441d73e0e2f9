namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>A kernel that is ready to run, with what one call of it is worth.</summary>
internal abstract class KernelWork : IDisposable
{
    /// <summary>Multiplications and additions of one call, by the operation's definition.</summary>
    public abstract double Operations { get; }

    /// <summary>Bytes of the operands of one call, each once.</summary>
    public abstract double Bytes { get; }

    public abstract void Run();

    public virtual void Dispose()
    {
    }
}

/// <summary>Work whose operands are managed arrays.</summary>
internal sealed class SimpleWork(double operations, double bytes, Action run) : KernelWork
{
    public override double Operations => operations;

    public override double Bytes => bytes;

    public override void Run() => run();
}
