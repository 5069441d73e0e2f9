using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Thermal;

/// <summary>A setting that was changed.</summary>
/// <param name="Path">Below the system's root.</param>
public sealed record ChangedSetting(string Path, string Before, string Set);

/// <summary>
/// What one trial changes on its device, written to a file before anything is changed, so that whoever comes next can put it back. Such a file is read
/// as hostile: an agent with root's rights must not write elsewhere because of it.
/// </summary>
public sealed partial record TuningRecord
{
    private const string Pattern = "tuning-*.json", GovernorName = "[a-z_]{1,16}";
    private const int MaxBytes = 1 << 20;
    private static readonly EnumerationOptions s_files = new() { IgnoreInaccessible = true };

    public required string Id { get; init; }

    /// <summary>After another boot everything is as the system sets it.</summary>
    public required string BootId { get; init; }

    /// <summary>The agent that tunes.</summary>
    public required ProcessIdentity Owner { get; init; }

    public IReadOnlyList<ChangedSetting> Settings { get; init; } = [];

    /// <summary>Whether jetson_clocks' state lies in <see cref="JetsonState"/>.</summary>
    public bool JetsonClocks { get; init; }

    /// <summary>File of this record.</summary>
    public static string PathOf(string folder, string id) => Path.Combine(folder, $"tuning-{id}.json");

    /// <summary>File that <c>jetson_clocks --store</c> wrote for it.</summary>
    public string JetsonState(string folder) => Path.Combine(folder, $"tuning-{Id}.jetson_clocks");

    public void Write(string folder) => AtomicFile.WriteText(PathOf(folder, Id), EdgeBenchJson.Serialize(this));

    /// <summary>Forgets it: there is nothing left to put back. Returns why that failed, or null.</summary>
    public string? Delete(string folder)
    {
        try
        {
            File.Delete(JetsonState(folder));
            File.Delete(PathOf(folder, Id));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>Every record in a folder; what is no record is passed over.</summary>
    public static IReadOnlyList<TuningRecord> All(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        List<TuningRecord> records = [];
        foreach (string path in Directory.EnumerateFiles(folder, Pattern, s_files).Order(StringComparer.Ordinal))
        {
            if (Read(path) is { } record && PathOf(folder, record.Id) == path) records.Add(record);
        }
        return records;
    }

    private static TuningRecord? Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) return null;
            TuningRecord record = EdgeBenchJson.Deserialize<TuningRecord>(File.ReadAllText(path));
            return record.Settings.All(setting => GovernorFile().IsMatch(setting.Path) && Governor().IsMatch(setting.Before) && Governor().IsMatch(setting.Set)) ? record : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\Asys/devices/system/cpu/(?:cpufreq/policy[0-9]{1,5}|cpu[0-9]{1,5}/cpufreq)/scaling_governor\z")]
    private static partial Regex GovernorFile();

    [GeneratedRegex(@"\A" + GovernorName + @"\z")]
    private static partial Regex Governor();
}
