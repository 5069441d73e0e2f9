using System.Globalization;
using System.Text.Json;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Pools;

/// <summary>One task as a board finds it.</summary>
/// <param name="Version"><see cref="Protocol.Version"/> of whoever wrote it.</param>
public sealed record BatchRequest(int Version, TrialRequest Request);

/// <summary>What came of a task, and the board that it ran on.</summary>
/// <param name="Version"><see cref="Protocol.Version"/> of whoever wrote it.</param>
public sealed record BatchOutcome(int Version, DeviceFacts Device, TrialOutcome Outcome);

/// <summary>
/// A batch of trials in a folder that controller and boards share: <c>requests/(index).json</c> from the one, <c>outcomes/(index).json</c> from the others,
/// <c>logs/(index).log</c> for a task's last words. Files are whole or absent.
/// </summary>
public sealed class BatchFolder(string path)
{
    /// <summary>The agent's verb that carries out one task of a batch.</summary>
    public const string Verb = "task";

    /// <summary>Option of that verb: the cache folder that all boards see.</summary>
    public const string CacheOption = "--cache=";

    private const long LargestFile = 256 << 20;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Name of the batch in the queue; letters, digits and '-' only.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Folder of what the tasks write to their standard output and error.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void WriteRequest(int index, TrialRequest request) =>
        AtomicFile.WriteText(File("requests", index, "json"), EdgeBenchJson.Serialize(new BatchRequest(Protocol.Version, request)));

    /// <summary>Throws <see cref="EdgeBenchException"/> where there is none, it cannot be read, or another version wrote it.</summary>
    public TrialRequest ReadRequest(int index)
    {
        BatchRequest found = Read<BatchRequest>(File("requests", index, "json")) ?? throw EdgeBenchException.Infrastructure(
            $"there is no '{File("requests", index, "json")}' on this board", "a folder that the controller and every board see under the same path", "Mount it on the board.");
        return Own(found.Version, "request", found.Request);
    }

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void WriteOutcome(int index, DeviceFacts device, TrialOutcome outcome) =>
        AtomicFile.WriteText(File("outcomes", index, "json"), EdgeBenchJson.Serialize(new BatchOutcome(Protocol.Version, device, outcome)));

    /// <summary>What came of a task so far; null without an outcome. Throws <see cref="EdgeBenchException"/> where it cannot be read, or another version wrote it.</summary>
    public BatchOutcome? FindOutcome(int index)
    {
        BatchOutcome? found = Read<BatchOutcome>(File("outcomes", index, "json"));
        return found is null ? null : Own(found.Version, "outcome", found);
    }

    /// <summary>The last lines that a task wrote; empty without any.</summary>
    public string LastWords(int index)
    {
        try
        {
            using FileStream log = System.IO.File.OpenRead(File("logs", index, "log"));
            TextTail tail = new(log);
            tail.Completion.GetAwaiter().GetResult();
            return tail.LastLines(4);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Deletes all of it; what is already gone is no matter.</summary>
    public void Delete()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private string File(string kind, int index, string extension) => System.IO.Path.Combine(Path, kind, $"{index.ToString(CultureInfo.InvariantCulture)}.{extension}");

    private T Own<T>(int version, string what, T value) => version == Protocol.Version ? value : throw EdgeBenchException.Infrastructure(
        $"a {what} of version {version} in '{Path}'", $"version {Protocol.Version}", "Give the boards the agent that belongs to this edgebench.");

    private static T? Read<T>(string file)
        where T : class
    {
        FileInfo found = new(file);
        if (!found.Exists) return null;
        if (found.Length > LargestFile) throw Unreadable(file, $"{found.Length} bytes", null);
        try
        {
            using FileStream stream = found.OpenRead();
            return JsonSerializer.Deserialize<T>(stream, EdgeBenchJson.Options) ?? throw Unreadable(file, "'null'", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unreadable(file, exception.Message, exception);
        }
    }

    private static EdgeBenchException Unreadable(string file, string why, Exception? inner) => EdgeBenchException.Infrastructure(
        $"'{file}' cannot be read: {why}", "a file that an agent of this version wrote", "Delete the batch's folder, and run the same command again.", inner);
}
