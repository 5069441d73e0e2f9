using EdgeBench.Core.Training;

namespace EdgeBench.Training.Loop;

/// <summary>Whoever wants to see a training go on: a terminal, a journal.</summary>
public interface ITrainingObserver
{
    /// <summary>A training begins, or goes on after <paramref name="curve"/>.</summary>
    void Begins(long steps, IReadOnlyList<CurvePoint> curve);

    /// <summary>After each step.</summary>
    void Stepped(Engine.Training.StepReport step, long steps);

    /// <summary>After scores were taken, or the losses of some steps put together.</summary>
    void Reached(CurvePoint point);
}
