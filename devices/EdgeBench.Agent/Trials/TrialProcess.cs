using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Agent.Native;
using EdgeBench.Agent.Serving;
using EdgeBench.Core.Trials;
using EdgeBench.Devices;
using EdgeBench.Devices.Processes;
using EdgeBench.Devices.Sensors;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Agent.Trials;

/// <summary>
/// One trial's process as its agent sees it: started, fed, watched, ended and reaped. Whatever the process does becomes a <see cref="TrialOutcome"/>;
/// afterwards neither it nor anything in its process group is left.
/// </summary>
internal sealed class TrialProcess
{
    private static readonly TimeSpan s_killing = TimeSpan.FromSeconds(2);

    // Between its outcome and its end a process frees its memory; longer than this is a hang that costs no measurement.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly TrialRequest _request;
    private readonly long _memoryLimit;
    private readonly TextTail _errors;
    private readonly TrialChannel _channel = new();
    private readonly TaskCompletionSource<TrialFailure?> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TrialProcess(Process process, TrialRequest request, long memoryLimit)
    {
        _process = process;
        _request = request;
        _memoryLimit = memoryLimit;
        _errors = new TextTail(process.StandardError.BaseStream);
    }

    /// <summary>Runs one trial. Throws <see cref="OperationCanceledException"/> with the process gone; whatever else it throws leaves no process either.</summary>
    /// <param name="memoryLimit">Resident bytes.</param>
    /// <param name="starting">Told the timestamp from which the trial counts its seconds, just before its process starts.</param>
    public static async Task<TrialOutcome> RunAsync(
        TrialCommand command, TrialRequest request, long memoryLimit, SystemRoot root, CancellationToken cancellation, Action<long>? starting = null)
    {
        ConditionSnapshot before = ConditionSnapshot.Take(root);
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        long started = Stopwatch.GetTimestamp();
        starting?.Invoke(started);
        using Process process = await SpawnThread.SpawnAsync(command.At(started)).ConfigureAwait(false);
        HeatSampler sampler = HeatSampler.Start(root, before);
        TrialProcess trial = new(process, request, memoryLimit);
        TrialFailure? verdict;
        double seconds;
        HeatReadings heat;
        try
        {
            verdict = await trial.WatchAsync(started, cancellation).ConfigureAwait(false);
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        catch
        {
            Libc.KillGroup(process.Id);
            throw;
        }
        finally
        {
            heat = await sampler.StopAsync(started).ConfigureAwait(false);
        }
        cancellation.ThrowIfCancellationRequested();

        ConditionSnapshot after = ConditionSnapshot.Take(root);
        bool kernelKilled = after.KernelKills > before.KernelKills;
        TrialFailure? failure = verdict ?? trial.Failure(kernelKilled);
        return new TrialOutcome
        {
            TrialId = request.TrialId,
            Failure = failure,
            Series = failure is null ? [.. trial._channel.Series, .. heat.Series] : [],
            StartedAt = startedAt,
            Seconds = seconds,
            OverheadSeconds = trial._channel.End?.OverheadSeconds ?? 0,
            Facts = HeatReport.Facts(before, trial._channel.End?.Facts),
            Conditions = HeatReport.Conditions(before, after, heat),
            NotApplied = trial._channel.End?.NotApplied ?? [],
            Warnings = [.. trial.Warnings(), .. HeatReport.Warnings(before, after)],
        };
    }

    // Returns the failure for which we ended the process, or null where it ended by itself.
    private async Task<TrialFailure?> WatchAsync(long started, CancellationToken cancellation)
    {
        using CancellationTokenSource over = new();
        using CancellationTokenRegistration cancelled = cancellation.Register(() => _verdict.TrySetResult(null));
        Task exited = _process.WaitForExitAsync(CancellationToken.None);
        Task fed = FeedAsync(over.Token);
        Task heard = HearAsync(over.Token);
        Task memory = LimitMemoryAsync(over.Token);
        Task time = LimitTimeAsync(started, over.Token);

        await Task.WhenAny(exited, _verdict.Task).ConfigureAwait(false);
        bool byItself = exited.IsCompleted;
        if (!byItself)
        {
            Libc.KillGroup(_process.Id);
            await Task.WhenAny(exited, Task.Delay(s_killing, CancellationToken.None)).ConfigureAwait(false);
        }
        // Descendants may still hold the streams open.
        Libc.KillGroupRemains(_process.Id);
        await Task.WhenAny(Task.WhenAll(heard, _errors.Completion), Task.Delay(s_killing, CancellationToken.None)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(fed, heard, memory, time).ConfigureAwait(false);
        // Of a process that fell while it talked, the fall says more than the torn message.
        return _verdict.Task.IsCompletedSuccessfully && !(byItself && _process.ExitCode != 0) ? _verdict.Task.Result : null;
    }

    private async Task FeedAsync(CancellationToken over)
    {
        try
        {
            await JsonSerializer.SerializeAsync(_process.StandardInput.BaseStream, _request, TrialJson.Wire.TrialRequest, over).ConfigureAwait(false);
            _process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It ended without hearing us out; how it ended says more than the broken pipe.
        }
    }

    private async Task HearAsync(CancellationToken over)
    {
        try
        {
            string? offence = await _channel.ReadAsync(_process.StandardOutput.BaseStream, over).ConfigureAwait(false);
            if (offence is not null) _verdict.TrySetResult(Describe(FailureKind.Protocol, $"the trial's process {offence}"));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Ended from our side; the verdict is given already.
        }
        catch (Exception exception)
        {
            _verdict.TrySetResult(Describe(FailureKind.Protocol, $"the trial's process wrote what cannot be read: {exception.Message}"));
        }
    }

    private async Task LimitMemoryAsync(CancellationToken over)
    {
        if (await MemoryWatch.UntilExceededAsync(_process.Id, _memoryLimit, over).ConfigureAwait(false) is { } resident)
        {
            _verdict.TrySetResult(new TrialFailure(FailureKind.OutOfMemory,
                $"{resident >> 20} MiB resident passed the memory limit of {_memoryLimit >> 20} MiB", "Raise the memory limit, or take a smaller model or context."));
        }
    }

    private async Task LimitTimeAsync(long started, CancellationToken over)
    {
        TimeSpan limit = TimeSpan.FromSeconds(Math.Min(_request.Limits.TimeLimit, TimeSpan.FromDays(24).TotalSeconds)) - Stopwatch.GetElapsedTime(started);
        try
        {
            await Task.Delay(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, over).ConfigureAwait(false);
            if (_channel.End is not null) await Task.Delay(s_farewell, over).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        _verdict.TrySetResult(_channel.End is not null ? null : Describe(FailureKind.Hang,
            $"still running after its time limit of {_request.Limits.TimeLimit:0.###} s", "Raise the time limit if the work is really that long."));
    }

    private TrialFailure? Failure(bool kernelKilled)
    {
        if (!_process.HasExited) return new TrialFailure(FailureKind.Hang, $"process {_process.Id} could not be killed", "Restart the device.");
        if (_channel.End is { } end) return end.Failure;
        int code = _process.ExitCode;
        if (code == 0)
        {
            string torn = _channel.Unfinished is { } line ? $", in the middle of the line {line}" : "";
            return Describe(FailureKind.Protocol, $"the trial's process ended without an outcome{torn}");
        }
        if (Signals.FromExitCode(code) is not { } signal) return Describe(FailureKind.Crash, $"the trial's process ended with exit code {code}");
        return signal == Libc.SignalKill && kernelKilled
            ? Describe(FailureKind.OutOfMemory, "the kernel killed the trial's process for want of memory", "Take a smaller model or context, or free memory.")
            : Describe(FailureKind.Crash, $"the trial's process was {Signals.Describe(signal)}");
    }

    private List<string> Warnings()
    {
        List<string> warnings = [.. _channel.End?.Warnings ?? []];
        // A native library may fall over its own destructors; the measurement was complete by then, and a reader may still want to know.
        if (_channel.End is not null && _process.HasExited && _process.ExitCode != 0)
            warnings.Add(Describe(FailureKind.Crash, $"the trial's process ended with exit code {_process.ExitCode} after its outcome").Message);
        return warnings;
    }

    private TrialFailure Describe(FailureKind kind, string what, string? remedy = null)
    {
        string words = _errors.LastLines();
        return new TrialFailure(kind, words.Length == 0 ? what : $"{what}; its last words: {words}", remedy);
    }
}
