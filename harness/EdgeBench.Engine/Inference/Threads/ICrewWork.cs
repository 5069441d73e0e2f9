namespace EdgeBench.Engine.Inference.Threads;

/// <summary>What every member of a crew runs at once, each with its own number; all call <see cref="Crew.Barrier"/> equally often.</summary>
public interface ICrewWork
{
    /// <param name="member">0 to <see cref="Crew.Count"/> - 1.</param>
    void Run(Crew crew, int member);
}
