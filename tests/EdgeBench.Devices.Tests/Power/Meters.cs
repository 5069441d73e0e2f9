using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Devices.Tests.Power;

/// <summary>Opens meters for tests.</summary>
internal static class Meters
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    public static Task<IMeterSession> OpenAsync(string meter, SystemRoot root, string options = "{}") =>
        MeterRegistry.Find(meter)!.OpenAsync(root, Json(options), Cancellation);

    /// <summary>The first readings of a meter.</summary>
    public static async Task<List<MeterReading>> ReadAsync(string meter, SystemRoot root, int count, string options = "{}")
    {
        await using IMeterSession session = await OpenAsync(meter, root, options);
        return await TakeAsync(session, count);
    }

    public static async Task<List<MeterReading>> TakeAsync(IMeterSession session, int count)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        List<MeterReading> readings = [];
        await foreach (MeterReading reading in session.ReadAsync(limit.Token))
        {
            readings.Add(reading);
            if (readings.Count == count) break;
        }
        return readings;
    }

    /// <summary>Power of the first reading, which must be good.</summary>
    public static async Task<double> WattsAsync(string meter, SystemRoot root, string options = "{}")
    {
        MeterReading reading = (await ReadAsync(meter, root, 1, options))[0];
        Assert.Equal(ReadingFlaw.None, reading.Flaw);
        return reading.Value;
    }

    /// <summary>Why a meter does not open: its message and remedy in one text.</summary>
    public static async Task<string> RefusalAsync(string meter, SystemRoot root, string options = "{}")
    {
        MeterException refusal = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(meter, root, options));
        Assert.NotEmpty(refusal.Remedy);
        return $"{refusal.Message} {refusal.Remedy}";
    }

    /// <summary>Why a trial would not apply a meter.</summary>
    public static async Task<MeterRefusal> NotAppliedAsync(string meter, SystemRoot root, string options = "{}")
    {
        await using MeterBank bank = await MeterBank.StartAsync([new MeterSpec(meter, Json(options))], root, Cancellation);
        Assert.Empty(bank.Running);
        return Assert.Single(bank.Refusals);
    }

    /// <summary>Changes a file as the kernel does: whoever reads it meanwhile sees the old text or the new one.</summary>
    public static void Change(this SystemTree tree, string path, string text)
    {
        tree.With($"{path}.new", text);
        File.Move(Path.Combine(tree.Root.Folder, $"{path}.new"), Path.Combine(tree.Root.Folder, path), overwrite: true);
    }

    /// <summary>Puts an executable shell script into a tree.</summary>
    public static SystemTree WithScript(this SystemTree tree, string path, string script)
    {
        tree.With(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(tree.Root.Folder, path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return tree;
    }
}
