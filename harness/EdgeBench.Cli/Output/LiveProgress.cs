using EdgeBench.Running.Execution;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EdgeBench.Cli.Output;

/// <summary>
/// A table that is drawn only when something happens: between events the harness does nothing, so that it takes no time from the trial that runs.
/// </summary>
internal sealed class LiveProgress : IRunProgress
{
    private const int RecentRows = 12;

    private readonly Lock _gate = new();
    private readonly Queue<(string Cell, string Result, bool Failed)> _recent = [];
    private readonly List<string> _notices = [];
    private readonly TaskCompletionSource _finished = new();
    private readonly Task _display;
    private readonly TaskCompletionSource<LiveDisplayContext> _context = new();
    private string _now = "starting";
    private string _left = "";
    private int _ended, _total;

    public LiveProgress()
    {
        _display = AnsiConsole.Live(Draw()).AutoClear(false).StartAsync(async context =>
        {
            _context.SetResult(context);
            await _finished.Task;
        });
    }

    public void On(RunEvent happened)
    {
        lock (_gate)
        {
            switch (happened)
            {
                case PlanStands plan:
                    (_ended, _total) = (plan.Already, plan.Trials);
                    break;
                case Preparing { Total: { } total } preparing when total > 0:
                    _now = $"preparing {preparing.What} {100 * preparing.Bytes / total} %";
                    break;
                case Preparing preparing:
                    _now = $"preparing {preparing.What}";
                    break;
                case Notice notice:
                    _notices.Add($"{(notice.Warning ? "warning" : "note")}: {notice.Text}");
                    break;
                case TrialStarted started:
                    (_now, _left) = ($"measuring {started.CellId}, session {started.Session + 1}", RunProgress.Duration(started.Remaining));
                    break;
                case TrialEnded ended:
                    (_ended, _left) = (ended.Position, RunProgress.Duration(ended.Remaining));
                    _recent.Enqueue((ended.CellId, PlainProgress.Describe(ended), ended.Outcome.Failure is not null));
                    if (_recent.Count > RecentRows) _recent.Dequeue();
                    break;
            }
            LiveDisplayContext context = _context.Task.GetAwaiter().GetResult();
            context.UpdateTarget(Draw());
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            (_now, _left) = ("done", "");
            _context.Task.GetAwaiter().GetResult().UpdateTarget(Draw());
        }
        _finished.TrySetResult();
        _display.GetAwaiter().GetResult();
    }

    private IRenderable Draw()
    {
        Table table = new Table().Border(TableBorder.Rounded).Expand().AddColumn("cell").AddColumn("last trial");
        foreach ((string cell, string result, bool failed) in _recent)
            table.AddRow(new Text(cell), new Text(result, failed ? new Style(Color.Red) : Style.Plain));
        List<IRenderable> rows = [table];
        rows.AddRange(_notices.Select(notice => new Text(notice, new Style(Color.Yellow))));
        string share = _total > 0 ? $"{_ended} of {_total} trials" : "";
        rows.Add(new Text($"{share}{(_left.Length > 0 ? $", {_left} left" : "")}  {_now}"));
        return new Rows(rows);
    }
}
