using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Transfer;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Execution;

namespace EdgeBench.Benchmarks.Devices;

/// <summary>
/// <c>transfer</c>: what starting the agent of an ssh device takes, and sending it a file against scp's time on the same link, in alternating pairs. scp's login is
/// taken off its time (a copy of one byte), as ours is not in ours.
/// </summary>
internal static class TransferCommand
{
    private const int Starts = 11;

    public static Command Create()
    {
        Argument<string> device = new("device") { Description = "A device that ssh reaches: a name of devices/ or a path ending in .yaml." };
        Option<int> megabytes = new("--mb") { Description = "Size of the file.", DefaultValueFactory = _ => 512 };
        Option<int> pairs = new("--pairs") { Description = "Alternating pairs.", DefaultValueFactory = _ => 8 };
        Command command = new("transfer", "Start of an ssh device's agent (limit: 1 s), and sending a file over scp's rate on the same link (limit: 0.8).") { device, megabytes, pairs };
        command.SetAction((parsed, cancellation) => RunAsync(
            DeviceCatalog.Resolve(parsed.GetRequiredValue(device), Environment.CurrentDirectory, HarnessVocabulary.Instance),
            parsed.GetValue(megabytes) * 1_000_000L, parsed.GetValue(pairs), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DeviceSpec device, long bytes, int pairs, CancellationToken cancellation)
    {
        if (device is not { Launcher: "ssh", LauncherOptions: { } options }) throw new InvalidOperationException($"The launcher of '{device.Name}' is '{device.Launcher}'; expected ssh, for scp to go there too.");
        if (Environment.GetEnvironmentVariable(AgentPackages.Variable) is not { Length: > 0 })
            Environment.SetEnvironmentVariable(AgentPackages.Variable, Path.Combine(Path.GetDirectoryName(Programs.CommandLine)!, "agents"));
        SshOptions ssh = options.Deserialize<SshOptions>(EdgeBenchJson.Options)!;
        string folder = Directory.CreateTempSubdirectory("edgebench-transfer-").FullName;
        try
        {
            double start = await StartAsync(device, cancellation);
            string file = Path.Combine(folder, "file"), one = Path.Combine(folder, "one");
            await File.WriteAllBytesAsync(one, [1], cancellation);
            double login = Median([.. Enumerable.Range(0, Starts).Select(_ => Copy(ssh, one))]);
            Say($"scp of one byte takes {login:0.00} s, which is taken off");
            PairedRatio ratio = await CompareAsync(device, ssh, file, bytes, login, pairs, cancellation);
            Say($"rate over scp's: {ratio} (limit 0.8)");
            return ratio.Median >= 0.8 && start < 1 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> StartAsync(DeviceSpec device, CancellationToken cancellation)
    {
        ILauncher launcher = LauncherRegistry.For(device);
        // The first installs the agent where it is not there.
        await (await launcher.StartAsync(device, cancellation)).DisposeAsync();
        List<double> seconds = [];
        for (int i = 0; i < Starts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            IAgentConnection agent = await launcher.StartAsync(device, cancellation);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await agent.DisposeAsync();
        }
        Say($"agent started and greeted: median {Median(seconds):0.00} s, {seconds.Min():0.00} to {seconds.Max():0.00} s (limit 1)");
        return Median(seconds);
    }

    private static async Task<PairedRatio> CompareAsync(DeviceSpec device, SshOptions ssh, string file, long bytes, double login, int pairs, CancellationToken cancellation)
    {
        List<double> ratios = [];
        for (int i = 0; i < pairs; i++)
        {
            // New bytes each time: the device keeps what it has.
            await FillAsync(file, bytes, cancellation);
            LocalFile local = LocalFile.Of(file);
            double theirs = i % 2 == 0 ? 0 : Copy(ssh, file) - login;
            double ours = await SendAsync(device, local, bytes, cancellation);
            if (i % 2 == 0) theirs = Copy(ssh, file) - login;
            ratios.Add(theirs / ours);
            Say($"pair {i + 1}: EdgeBench {bytes / ours / 1e6:0} MB/s, scp {bytes / theirs / 1e6:0} MB/s");
        }
        return PairedRatio.Of(ratios);
    }

    private static async Task<double> SendAsync(DeviceSpec device, LocalFile file, long bytes, CancellationToken cancellation)
    {
        // An agent of its own for each file: what was sent before is then not in use, and makes room.
        await using IAgentConnection agent = await LauncherRegistry.For(device).StartAsync(device, cancellation);
        LeaseAnswer lease = await agent.TakeLeaseAsync(new LeaseRequest("edgebench-benchmarks", $"transfer-{Guid.NewGuid():N}", KeepOutcomes: false), cancellation);
        if (lease.Busy is { } busy) throw new InvalidOperationException($"Device '{device.Name}' is held by {busy.Holder}.");
        long start = Stopwatch.GetTimestamp();
        SentFiles sent = await new FileSender(agent, cacheLimit: bytes + (bytes / 2)).SendAsync([file], progress: null, cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return sent.Failure is { } failure ? throw new InvalidOperationException($"{failure.Message}. {failure.Remedy}") : seconds;
    }

    private static async Task FillAsync(string file, long bytes, CancellationToken cancellation)
    {
        await using FileStream stream = File.Create(file, bufferSize: 0);
        byte[] piece = new byte[1 << 20];
        for (long written = 0; written < bytes; written += piece.Length)
        {
            RandomNumberGenerator.Fill(piece);
            await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, bytes - written)), cancellation);
        }
    }

    private static double Copy(SshOptions options, string file)
    {
        ProcessStartInfo scp = new("scp") { RedirectStandardError = true };
        foreach (string argument in Arguments(options).Append(file).Append($"{(options.User is { } user ? $"{user}@" : "")}{options.Host}:{options.Folder.Replace("~/", "", StringComparison.Ordinal)}/scp.partial"))
            scp.ArgumentList.Add(argument);
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(scp)!;
        string words = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"scp ended with {process.ExitCode}: {words}");
    }

    private static IEnumerable<string> Arguments(SshOptions options)
    {
        yield return "-Bq";
        foreach (string option in options.Options)
        {
            yield return "-o";
            yield return option;
        }
        if (options.Port is { } port)
        {
            yield return "-P";
            yield return $"{port}";
        }
        if (options.Jump is { } jump)
        {
            yield return "-J";
            yield return jump;
        }
    }

    private static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
