namespace EdgeBench.Backends.External;

/// <summary>When a program's recorded repetitions ran, in seconds since it was started; or why that is not known.</summary>
internal sealed record RunTimes
{
    // What a busy device may make a line late, and what a program's clock and ours may differ by.
    private const double Late = 0.05, ClockShare = 0.02;

    private RunTimes(IReadOnlyList<TimedPart> parts, string words) => (Parts, Words) = (parts, words);

    /// <summary>In order; empty where they are not known.</summary>
    public IReadOnlyList<TimedPart> Parts { get; }

    /// <summary>How they are known, or why they are not.</summary>
    public string Words { get; }

    public static RunTimes Unknown(string why) => new([], why);

    /// <summary>
    /// Parts placed by the arrival of lines, which is late by what the device is busy and never early: a part that would reach into the next one ended before
    /// that, and keeps its length. Unknown where it would have to move further than lateness explains: then the program holds its output back.
    /// </summary>
    /// <param name="program">Seconds that the program ran.</param>
    public static RunTimes Of(IReadOnlyList<TimedPart> parts, double program, string rule)
    {
        if (parts.Count == 0) return Unknown("no line tells of a repetition");
        TimedPart[] placed = [.. parts];
        double limit = program;
        for (int i = placed.Length - 1; i >= 0; i--)
        {
            double over = placed[i].To - limit;
            if (over > Late + (ClockShare * placed[i].Seconds)) return Unknown($"lines came {over:0.00} s later than what they tell of: the program holds its output back");
            if (over > 0) placed[i] = placed[i].Earlier(over);
            limit = placed[i].From;
        }
        return limit < -Late ? Unknown($"the first repetition would begin {-limit:0.00} s before the program") : new RunTimes(placed, rule);
    }
}

/// <summary>One stretch of time that a program timed.</summary>
/// <param name="Repetitions">In it, one after the other.</param>
/// <param name="Tokens">In it; null where it is not about tokens.</param>
internal readonly record struct TimedPart(double From, double To, int Repetitions, long? Tokens)
{
    public double Seconds => To - From;

    public TimedPart Earlier(double seconds) => this with { From = From - seconds, To = To - seconds };
}
