namespace EdgeBench.Remote.Tests.Faults;

/// <summary>What became of one run.</summary>
internal sealed record FaultReport(string Fault, int Seed, Moment? Moment)
{
    /// <summary>Attempts that came to nothing because of the fault.</summary>
    public int Lost { get; set; }

    /// <summary>Seconds from the strike to the controller's word that the device was lost.</summary>
    public double? Noticed { get; set; }

    /// <summary>Seconds until what had to go was gone: a lost agent with its trial after the strike, a misbehaving trial after its limit.</summary>
    public double? Gone { get; set; }

    /// <summary>How often it was made before, while this process stood still.</summary>
    public int Repeats { get; set; }

    /// <summary>What this run did, for people: lengths, victims.</summary>
    public List<string> Notes { get; } = [];

    public List<string> Violations { get; } = [];

    public override string ToString() =>
        $"{FaultSettings.One}='{Fault}:{Seed}': {Moment?.ToString() ?? "from the beginning"}, lost {Lost}{Seconds("noticed", Noticed)}{Seconds("gone", Gone)}{string.Concat(Notes.Select(note => ", " + note))}"
        + string.Concat(Violations.Select(violation => "\n  VIOLATED: " + violation));

    private static string Seconds(string what, double? seconds) => seconds is { } known ? $", {what} after {known:0.0} s" : "";
}
