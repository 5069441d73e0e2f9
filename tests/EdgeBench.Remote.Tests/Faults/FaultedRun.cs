namespace EdgeBench.Remote.Tests.Faults;

/// <summary>One run: a device, a controller with three trials, a fault at its moment, and a look at everything after.</summary>
internal sealed class FaultedRun(LoopbackSshd sshd, FaultSettings settings, IFault fault, int seed)
{
    public const string Controller = "first";

    private const int Trials = 3;

    // A cut of a minute, the wait for the next login, and a machine that others use.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private const double MomentSeconds = 90, GoneSeconds = 45;

    public async Task<FaultReport> RunAsync()
    {
        Random random = new(seed);
        Moment? moment = fault.Moments.Count == 0 ? null : fault.Moments[random.Next(fault.Moments.Count)];
        FaultReport report = new(fault.Name, seed, moment);
        using FaultScene scene = new(sshd, settings, moment);
        try
        {
            await RunAsync(scene, report, random);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            report.Violations.Add($"{exception.GetType().Name}: {exception.Message} {exception.StackTrace}");
        }
        if (report.Violations.Count > 0) report.Notes.AddRange(scene.Controllers.Select(controller => $"\n  {controller}"));
        return report;
    }

    private async Task RunAsync(FaultScene scene, FaultReport report, Random random)
    {
        int victim = random.Next(Trials);
        for (int i = 0; i < Trials; i++) scene.Deeds[$"cell{i}"] = report.Moment switch { Moment.MidTrial => "measure for a second", Moment.HandOver => "measure much", _ => "measure" };
        if (report.Moment is Moment.Upload) scene.ArtifactBytes = 6 << 20;
        if (report.Moment is Moment.Upload or Moment.HandOver) scene.Shape = LinkShape.Slow(20e6);
        double when = random.NextDouble();
        Promise promise = fault.Arrange(scene, random);

        ControllerProcess controller = scene.StartController(Controller, (ulong)seed);
        Task watching = fault.WatchAsync(scene, controller, report);
        Task<double?> gone = Task.FromResult<double?>(null);
        Strike? strike = null;
        if (report.Moment is { } moment)
        {
            if (await Moments.WaitAsync(scene, controller, moment, victim, when, TimeSpan.FromSeconds(MomentSeconds)) is { } missed)
            {
                report.Violations.Add(missed);
                return;
            }
            strike = Moments.Now(scene, controller);
            report.Notes.Add($"trial {victim}, strike at {strike.At.TotalSeconds:0.00} s");
            if (scene.CutSeconds > 0) report.Notes.Add($"for {scene.CutSeconds:0.0} s");
            gone = DeviceProcesses.GoneAsync(strike.Processes, GoneSeconds);
            await fault.StrikeAsync(scene, strike);
        }
        await EndAsync(scene, report, promise, controller);
        await watching;
        if (strike is not null)
        {
            report.Noticed = controller.LostAfter(strike.At) is { } lost ? (lost - strike.At).TotalSeconds : null;
            if (report.Noticed is not null || promise.MustBeNoticed) report.Gone = await gone;
            if (promise.MustBeNoticed && strike.Processes.Count > 0 && report.Gone is null) report.Violations.Add($"processes of the lost agent were not gone after {GoneSeconds} s");
            if (promise.MustBeNoticed && report.Noticed is null && controller.Lines.Any(line => line.At > strike.At && line.Words is ["started", ..]))
                report.Violations.Add("the controller went on without a word of the lost device");
            if (report.Noticed > 30) report.Violations.Add($"the lost device was noticed after {report.Noticed:0.0} s");
        }
        report.Violations.AddRange(await Invariants.CheckAsync(scene, promise, strike, report));
        await NextAsync(scene, report);
        report.Violations.AddRange(fault.Check(scene, report));
    }

    // A command that ended early, as far as its fault may end it, is given once more.
    private async Task EndAsync(FaultScene scene, FaultReport report, Promise promise, ControllerProcess controller)
    {
        if (!await controller.EndAsync(s_limit))
        {
            report.Violations.Add($"the controller still ran {s_limit.TotalSeconds} s after the fault");
            controller.Kill();
        }
        else if (controller.ExitCode != 0 && !promise.MayEndCommand)
        {
            report.Violations.Add($"the controller ended with exit code {controller.ExitCode}");
        }
        if (!promise.MayEndCommand || RunJournalTrials.Read(scene.Journal(Controller)).Count(trial => trial.Succeeded) >= scene.Deeds.Count) return;
        ControllerProcess again = scene.StartController(Controller, (ulong)seed);
        if (!await again.EndAsync(s_limit) || again.ExitCode != 0) report.Violations.Add("the same command did not complete its plan when it was given again");
    }

    private static async Task NextAsync(FaultScene scene, FaultReport report)
    {
        string? problem = await NextTrial.RunAsync(scene);
        if (problem is not null) report.Violations.Add($"the next trial on the device failed: {problem}");
        report.Violations.AddRange((await Invariants.IdleAsync(scene)).Select(violation => $"after the next trial: {violation}"));
    }
}
