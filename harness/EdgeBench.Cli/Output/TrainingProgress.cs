using System.Diagnostics;
using System.Globalization;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Training.Loop;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EdgeBench.Cli.Output;

/// <summary>Shows a training while it goes on: a live curve on a terminal, a line for each score elsewhere.</summary>
internal sealed class TrainingProgress : ITrainingObserver, IDisposable
{
    private const int Width = 60, Height = 8;

    private readonly List<CurvePoint> _curve = [];
    private readonly TaskCompletionSource _finished = new();
    private readonly LiveDisplayContext? _context;
    private readonly Task _display = Task.CompletedTask;
    private readonly TextWriter _lines;
    private readonly Stopwatch _watch = new(), _shown = new();
    private long _steps, _first;

    public TrainingProgress(TextWriter lines)
    {
        _lines = lines;
        if (!RunProgress.IsLive) return;
        TaskCompletionSource<LiveDisplayContext> started = new();
        _display = AnsiConsole.Live(new Text("reading data")).StartAsync(async context =>
        {
            started.SetResult(context);
            await _finished.Task;
        });
        _context = started.Task.GetAwaiter().GetResult();
    }

    public void Begins(long steps, IReadOnlyList<CurvePoint> curve)
    {
        _steps = steps;
        _curve.AddRange(curve);
        _first = curve.Count > 0 ? curve[^1].Step : 0;
        _watch.Start();
        _shown.Start();
        if (_context is null) _lines.WriteLine(_first > 0 ? $"{steps:#,0} steps, going on after {_first:#,0}" : $"{steps:#,0} steps");
    }

    public void Stepped(StepReport step, long steps)
    {
        // Drawing takes time from steps.
        if (_context is null || _shown.ElapsedMilliseconds < 500) return;
        _shown.Restart();
        _context.UpdateTarget(Draw(step));
    }

    public void Reached(CurvePoint point)
    {
        _curve.Add(point);
        if (_context is null && point.Validation.Count > 0) _lines.WriteLine($"step {point.Step:#,0}/{_steps:#,0}: {Words(point)}; {Left(point.Step)} left");
    }

    public void Dispose()
    {
        _finished.TrySetResult();
        _display.GetAwaiter().GetResult();
        _lines.Flush();
    }

    /// <summary>A point in a few words.</summary>
    public static string Words(CurvePoint point)
    {
        string scores = string.Join(", ", point.Validation.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Group} {score.Loss:0.000}{(score.ExactMatch is { } exact ? $" ({100 * exact:0.0} % right)" : "")}")));
        string training = point.TrainingLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.000}") : "not trained yet";
        return scores.Length > 0 ? $"{training}, validation {scores}" : training;
    }

    private string Left(long step) => step == _first ? "some time"
        : RunProgress.Duration(TimeSpan.FromSeconds(_watch.Elapsed.TotalSeconds / (step - _first) * (_steps - step)));

    private IRenderable Draw(StepReport step)
    {
        List<IRenderable> rows = [.. LossChart.Lines([.. _curve.Select(point => point.TrainingLoss ?? double.NaN)], Width, Height).Select(line => new Text(line))];
        if (_curve.LastOrDefault(point => point.Validation.Count > 0) is { } scored) rows.Add(new Text($"step {scored.Step:#,0}: {Words(scored)}"));
        rows.Add(new Text(string.Create(CultureInfo.InvariantCulture, $"step {step.Step:#,0} of {_steps:#,0}, loss {step.Loss:0.000}, rate {step.Rate:0.######}, gradient {step.GradientNorm:0.00}; {Left(step.Step)} left")));
        return new Rows(rows);
    }
}
