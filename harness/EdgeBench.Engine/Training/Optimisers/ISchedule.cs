namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>Learning rates of steps.</summary>
public interface ISchedule
{
    /// <summary>Kind and constants: part of what a checkpoint belongs to.</summary>
    string Description { get; }

    /// <param name="step">From 0.</param>
    double Rate(long step);
}
