namespace EdgeBench.Core.Training;

/// <summary>How well a group of examples is predicted.</summary>
/// <param name="Loss">Mean negative log-likelihood of a token that counts, in nats.</param>
/// <param name="Items">Examples that are answers.</param>
/// <param name="Right">Of these, those of which every token is the likeliest one after what is given: those that greedy decoding writes exactly.</param>
public sealed record GroupScore(string Group, double Loss, long Targets, int Items, int Right)
{
    /// <summary>Share that is exactly right, or null where nothing is an answer.</summary>
    public double? ExactMatch => Items == 0 ? null : (double)Right / Items;

    /// <summary>All groups together.</summary>
    public static GroupScore Total(IReadOnlyCollection<GroupScore> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        long targets = groups.Sum(group => group.Targets);
        return new("all", groups.Sum(group => group.Loss * group.Targets) / targets, targets, groups.Sum(group => group.Items), groups.Sum(group => group.Right));
    }
}
