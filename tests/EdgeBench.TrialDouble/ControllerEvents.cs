using EdgeBench.Running.Execution;

namespace EdgeBench.TrialDouble;

/// <summary>Says what happens during a run, one line an event: <c>started</c>, <c>ended</c>, <c>notice</c>, <c>error</c>, each with its words after tabs.</summary>
internal sealed class ControllerEvents : IRunObserver
{
    public const string Accepted = "ok";

    public DeviceSession? Device { get; set; }

    public static void Say(params string[] words) =>
        NativeFaults.Print(1, string.Join('\t', words.Select(word => word.ReplaceLineEndings(" ").Replace('\t', ' '))) + "\n");

    public void On(RunEvent happened)
    {
        switch (happened)
        {
            case TrialStarted started:
                Say("started", started.CellId, $"{started.Session}", $"{Device!.AgentProcess}");
                break;
            case TrialEnded ended:
                Say("ended", ended.CellId, $"{ended.Session}", ended.Outcome.TrialId, ended.Outcome.Failure?.Kind.ToString() ?? Accepted, ended.Outcome.Failure?.Message ?? "");
                break;
            case Notice notice:
                Say("notice", notice.Text);
                break;
        }
    }
}
