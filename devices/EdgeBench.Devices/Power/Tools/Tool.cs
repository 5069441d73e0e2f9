using System.Text;
using CliWrap;
using CliWrap.Exceptions;
using EdgeBench.Devices.Power.Sessions;

namespace EdgeBench.Devices.Power.Tools;

/// <summary>Runs a meter's program: an argument list, no shell, a time limit, bounded output.</summary>
internal static class Tool
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>What a program that ends by itself printed; null where it failed, said too much or took longer than <paramref name="limit"/>.</summary>
    public static async Task<string?> OutputAsync(string program, string[] arguments, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(limit);
        using MemoryStream output = new();
        try
        {
            await Cli.Wrap(program).WithArguments(arguments).WithStandardOutputPipe(Bounded(output)).ExecuteAsync(over.Token).ConfigureAwait(false);
            return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
        }
        catch (Exception exception) when (exception is CliWrapException or System.ComponentModel.Win32Exception or IOException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>A session of a program that prints a line for each reading until it is ended.</summary>
    /// <param name="read">Turns a line into a reading, with the time of its arrival; null for a line that is none, such as a header.</param>
    /// <param name="bin">Seconds over which readings are averaged.</param>
    public static IMeterSession Stream(
        MeterDescription description, string program, IReadOnlyList<string> arguments, double bin, Func<string, double, MeterReading?> read)
    {
        CancellationTokenSource over = new();
        Task running = Task.CompletedTask;
        PushedSession session = new(description, async () =>
        {
            await over.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
            over.Dispose();
        });
        ReadingBins bins = new(bin, session.Push);
        running = FollowAsync(program, arguments, session, line => Take(line, read, bins), over.Token);
        return session;
    }

    private static void Take(string? line, Func<string, double, MeterReading?> read, ReadingBins bins)
    {
        double now = MeterClock.Now;
        MeterReading? reading = line is null ? new MeterReading(now, 0, ReadingFlaw.Unreadable) : read(line, now);
        if (reading is { } one) bins.Add(one);
    }

    private static async Task FollowAsync(string program, IReadOnlyList<string> arguments, PushedSession session, Action<string?> line, CancellationToken over)
    {
        StringBuilder errors = new();
        try
        {
            CommandResult result = await Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None)
                .WithStandardOutputPipe(PipeTarget.Create((stream, cancellation) => LineReader.ReadAsync(stream, line, cancellation)))
                .WithStandardErrorPipe(PipeTarget.Create((stream, cancellation) => LineReader.ReadAsync(stream, words => Keep(errors, words), cancellation)))
                .ExecuteAsync(over).ConfigureAwait(false);
            session.Complete(new MeterException($"{program} ended with exit code {result.ExitCode}{Words(errors)}", "Run it by hand with the same arguments."));
        }
        catch (OperationCanceledException)
        {
            session.Complete(new MeterException($"{program} was ended", "Run again."));
        }
        catch (Exception exception) when (exception is CliWrapException or System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            session.Complete(new MeterException($"{program} cannot be started: {exception.Message}", "Check that it is a program and may be executed."));
        }
    }

    private static void Keep(StringBuilder errors, string? line)
    {
        if (errors.Length < 400 && line is not null) errors.Append(' ').Append(string.Concat(line.Where(c => !char.IsControl(c)).Take(200)));
    }

    private static string Words(StringBuilder errors) => errors.Length == 0 ? "" : $"; its words:{errors}";

    private static PipeTarget Bounded(MemoryStream output) => PipeTarget.Create(async (stream, cancellation) =>
    {
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (output.Length + read > MaxBytes) throw new IOException($"more than {MaxBytes} bytes");
            output.Write(buffer, 0, read);
        }
    });
}
