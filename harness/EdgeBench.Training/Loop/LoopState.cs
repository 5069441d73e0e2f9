using EdgeBench.Core.Training;

namespace EdgeBench.Training.Loop;

/// <summary>What a checkpoint remembers beside weights, moments and place in the data.</summary>
internal sealed record LoopState
{
    public List<CurvePoint> Curve { get; init; } = [];

    public long Tokens { get; set; }

    public double Seconds { get; set; }

    /// <summary>Sum of losses, and targets, since the last point.</summary>
    public double LossSum { get; set; }

    public long LossTargets { get; set; }

    /// <summary>Loss of the first step, which a diverging training leaves behind.</summary>
    public double? FirstLoss { get; set; }

    public long BestStep { get; set; }

    public GroupScore? Best { get; set; }

    /// <summary>Scores in a row that were no better.</summary>
    public int Worse { get; set; }
}
