using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Processes;
using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Thermal;

/// <summary>What was set on the device for one trial, and what could not be.</summary>
public sealed class HostTuning
{
    private const string BootIdFile = "proc/sys/kernel/random/boot_id", JetsonClocks = "jetson_clocks";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly SystemRoot _root;
    private readonly string _folder;
    private readonly TuningRecord _record;
    private readonly List<string> _notApplied = [];
    private readonly Dictionary<string, string> _facts = [];

    private HostTuning(SystemRoot root, string folder, TuningRecord record) => (_root, _folder, _record) = (root, folder, record);

    /// <summary>Where records of tunings lie until they are undone.</summary>
    public static string Folder => Path.Combine(CacheFolders.Machine, "tuning");

    /// <summary>What was set, for the trial's facts.</summary>
    public IReadOnlyDictionary<string, string> Facts => _facts;

    public IReadOnlyList<string> NotApplied => _notApplied;

    /// <summary>
    /// Records what will change, then changes it. What cannot be set is in <see cref="NotApplied"/> with the reason. Throws <see cref="IOException"/> where
    /// the record cannot be written; then nothing was changed.
    /// </summary>
    /// <param name="folder">For the record, usually <see cref="Folder"/>.</param>
    public static HostTuning Apply(SystemRoot root, string folder, TuningSpec spec)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(spec);
        List<string> refused = [];
        HostTuning tuning = new(root, folder, new TuningRecord
        {
            Id = Guid.NewGuid().ToString("N"),
            BootId = BootId(root),
            Owner = ProcessIdentity.Of(Environment.ProcessId) ?? new ProcessIdentity(Environment.ProcessId, 0),
            Settings = spec.Governor is { } governor ? Wanted(root, governor, refused) : [],
            JetsonClocks = spec.JetsonClocks && root.Program(JetsonClocks) is not null,
        });
        tuning._notApplied.AddRange(refused);
        tuning._record.Write(folder);
        if (spec.Governor is { } name) tuning.SetGovernor(name);
        if (spec.JetsonClocks) tuning.RunJetsonClocks();
        return tuning;
    }

    /// <summary>Puts back what was changed. Returns what could not be.</summary>
    public IReadOnlyList<string> Restore() => Restore(_root, _folder, _record);

    /// <summary>Puts back what agents that are no more have left changed. Returns what could not be.</summary>
    public static IReadOnlyList<string> RestoreLeftovers(SystemRoot root, string folder) =>
        [.. TuningRecord.All(folder).Where(record => !record.Owner.IsAlive).SelectMany(record => Restore(root, folder, record))];

    private static List<string> Restore(SystemRoot root, string folder, TuningRecord record)
    {
        List<string> problems = [];
        if (record.BootId == BootId(root))
        {
            if (record.JetsonClocks && File.Exists(record.JetsonState(folder)) && RunTool(root, "--restore", record.JetsonState(folder)) is { } failed)
                problems.Add($"{JetsonClocks} --restore: {failed}");
            foreach (ChangedSetting setting in record.Settings)
            {
                // Whoever changed it since has the last word.
                if (root.Text(setting.Path) != setting.Set) continue;
                if (root.Write(setting.Path, setting.Before) is { } refused) problems.Add($"/{setting.Path} stays {setting.Set} instead of {setting.Before}: {refused}");
            }
        }
        // A record that cannot be undone stays for the next agent, which may have the rights.
        if (problems.Count == 0 && record.Delete(folder) is { } kept) problems.Add($"the record of a tuning that was put back cannot be deleted: {kept}");
        return problems;
    }

    private static List<ChangedSetting> Wanted(SystemRoot root, string governor, List<string> refused)
    {
        List<ChangedSetting> settings = [];
        IReadOnlyList<string> policies = CpuFrequency.Policies(root);
        if (policies.Count == 0) refused.Add($"tuning governor {governor}: the kernel shows no frequency governor");
        foreach (string policy in policies)
        {
            string file = $"{policy}/scaling_governor";
            string[] available = root.Text($"{policy}/scaling_available_governors")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            if (available.Length > 0 && !available.Contains(governor)) refused.Add($"tuning governor {governor}: {Path.GetFileName(policy)} offers {string.Join(", ", available)}");
            else if (root.Text(file) is { Length: > 0 } before && before != governor) settings.Add(new ChangedSetting(file, before, governor));
        }
        return settings;
    }

    private void SetGovernor(string governor)
    {
        foreach (ChangedSetting setting in _record.Settings)
        {
            string? refused = _root.Write(setting.Path, setting.Set);
            string? found = _root.Text(setting.Path);
            if (found != setting.Set) _notApplied.Add($"tuning governor {governor}: /{setting.Path} is {found ?? "unreadable"}{(refused is null ? "" : $" ({refused})")}; run the agent as a user who may write it");
        }
        if (!_notApplied.Any(problem => problem.StartsWith("tuning governor", StringComparison.Ordinal)))
            _facts["tuning_governor"] = _record.Settings.Count == 0 ? $"{governor} (was so already)" : $"{governor} (was {string.Join(", ", _record.Settings.Select(setting => setting.Before).Distinct())})";
    }

    private void RunJetsonClocks()
    {
        string? problem = _record.JetsonClocks
            ? RunTool(_root, "--store", _record.JetsonState(_folder)) ?? RunTool(_root)
            : "the device has no such program";
        if (problem is null) _facts["tuning_jetson_clocks"] = "set";
        else _notApplied.Add($"tuning {JetsonClocks}: {problem}");
    }

    private static string? RunTool(SystemRoot root, params string[] arguments) =>
        root.Program(JetsonClocks) is { } program ? Tool.Run(program, arguments, s_limit).Problem : "the device has no such program";

    private static string BootId(SystemRoot root) => root.Text(BootIdFile) ?? "unknown";
}
