using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;
using EdgeBench.Testing;
using EdgeBench.TrialDouble;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>
/// The place of one run: a device behind the loopback's sshd with a folder, a link, a governor and agent packages of its own, and the controllers that drive
/// it as processes of their own.
/// </summary>
internal sealed class FaultScene : IDisposable
{
    public const string Governor = "schedutil";

    public static readonly TuningSpec Tuning = new() { Governor = "performance" };

    private const string GovernorFile = "sys/devices/system/cpu/cpufreq/policy0/scaling_governor";

    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackSshd _sshd;
    private readonly List<ControllerProcess> _controllers = [];
    private readonly List<IDisposable> _owned = [];
    private string? _packages;
    private CutLink? _link;
    private string? _misbehaving;

    public FaultScene(LoopbackSshd sshd, FaultSettings settings, Moment? moment)
    {
        (_sshd, Settings, Moment) = (sshd, settings, moment);
        DeviceFolder = Directory.CreateDirectory(_folder.File("device")).FullName;
        WriteRoot(GovernorFile, Governor);
        WriteRoot("proc/sys/kernel/random/boot_id", "boot-1");
    }

    public FaultSettings Settings { get; }

    public Moment? Moment { get; }

    public Stopwatch Watch { get; } = Stopwatch.StartNew();

    /// <summary>The device's folder for agent, files and outcomes.</summary>
    public string DeviceFolder { get; set; }

    /// <summary>Set before the link is used; null for the loopback as it is.</summary>
    public LinkShape? Shape { get; set; }

    public CutLink Link => _link ??= new CutLink(_sshd.Port, Shape);

    /// <summary>Cells of the run by name, with what their trials do.</summary>
    public Dictionary<string, string> Deeds { get; } = [];

    public long ArtifactBytes { get; set; } = 256 * 1024;

    public double TimeLimit { get; set; } = 60;

    public long MemoryLimit { get; set; }

    /// <summary>What a controller of this device is given to reach it.</summary>
    public SshOptions Ssh => _sshd.Options(DeviceFolder, Link.Port);

    /// <summary>Program of the agent on the device.</summary>
    public string AgentPath { get; private set; } = "";

    /// <summary>The trial that was run on the device when all was over.</summary>
    public TrialOutcome? Next { get; set; }

    /// <summary>How long the fault lasts, in seconds.</summary>
    public double CutSeconds { get; set; }

    /// <summary>What the device's clock is set to, as libfaketime takes it.</summary>
    public string ClockStep { get; set; } = "";

    /// <summary>Further environment of the device's programs, as lines for a shell.</summary>
    public string Environment { get; set; } = "";

    public IReadOnlyList<ControllerProcess> Controllers => _controllers;

    public string GovernorNow => File.ReadAllText(_folder.File("root/" + GovernorFile)).Trim();

    /// <summary>What trials noted: what, trial, ticks of the monotonic clock.</summary>
    public IReadOnlyList<(string What, string Trial, long At)> Log => !File.Exists(LogFile) ? [] :
        [.. File.ReadAllLines(LogFile).Select(line => line.Split(' ')).Select(words => (words[0], words[1], long.Parse(words[2])))];

    private string LogFile => _folder.File("trials.log");

    /// <summary>Gives one cell, by the seed, a deed that ends it badly, and answers its name.</summary>
    public string Misbehave(Random random, string[] deeds)
    {
        _misbehaving = Deeds.Keys.ElementAt(random.Next(Deeds.Count));
        Deeds[_misbehaving] = deeds[random.Next(deeds.Length)];
        return _misbehaving;
    }

    /// <summary>Waits for the process of the cell that misbehaves; null where the controller ended without one.</summary>
    public async Task<int?> MisbehavingAsync(ControllerProcess controller)
    {
        while (!controller.HasExited)
        {
            if (controller.Lines.LastOrDefault()?.Words is ["started", var cell, ..] && cell.Contains(_misbehaving!, StringComparison.Ordinal) && Moments.Trial(controller) is > 0 and var trial) return trial;
            await Task.Delay(5);
        }
        return null;
    }

    /// <summary>A path of this run's own, beside the device.</summary>
    public string NewFile(string name) => _folder.File(name);

    /// <summary>Disposed of with the scene, last come first.</summary>
    public T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Journal folder of a controller.</summary>
    public string Journal(string controller) => Directory.CreateDirectory(_folder.File("run-" + controller)).FullName;

    /// <summary>Starts a controller for these cells, or the scene's own; a second one of a name resumes the first one's journal.</summary>
    public ControllerProcess StartController(string name, ulong seed, IReadOnlyDictionary<string, string>? deeds = null)
    {
        ControllerCell[] cells = [.. (deeds ?? Deeds).Select(deed => new ControllerCell(deed.Key, deed.Value, Artifact(deed.Key)))];
        ControllerJob job = new(Journal(name), Ssh, cells, Sessions: 1, seed, TimeLimit, MemoryLimit, Tuning, new CooldownSpec { Rest = TimeSpan.FromSeconds(0.2) });
        _packages ??= Install();
        ControllerProcess controller = ControllerProcess.Start(job, _packages, _folder.File($"{name}-{_controllers.Count}.json"), Watch);
        _controllers.Add(controller);
        return controller;
    }

    public void Dispose()
    {
        foreach (ControllerProcess controller in _controllers) controller.Dispose();
        _link?.Dispose();
        foreach (int process in DeviceProcesses.Of(DeviceFolder)) DeviceProcesses.Kill(process);
        foreach (IDisposable owned in _owned.AsEnumerable().Reverse()) owned.Dispose();
        _folder.Dispose();
    }

    // Puts the agent on the device as its installation leaves it, which has tests of its own.
    private string Install()
    {
        string script = LoopbackSshd.AgentScript.Replace("#!/bin/sh\n",
            $"#!/bin/sh\nexport EDGEBENCH_DOUBLE_ROOT='{_folder.File("root")}' {TrialLog.Variable}='{LogFile}'\n{Environment}", StringComparison.Ordinal);
        string packages = _sshd.WritePackages(Path.GetFileName(_folder.Path), script);
        AgentPackage package = AgentPackage.Read(RuntimeInformation.RuntimeIdentifier, Path.Combine(packages, RuntimeInformation.RuntimeIdentifier))!;
        string place = Directory.CreateDirectory(Path.Combine(DeviceFolder, "agents", package.Id)).FullName;
        foreach (AgentPackageFile file in package.Files) File.Copy(file.Path, Path.Combine(place, file.Name));
        AgentPath = Path.Combine(place, AgentProgram.Name);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(AgentPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return packages;
    }

    /// <summary>A cell's file on the controller's machine.</summary>
    public string Artifact(string cell)
    {
        string path = Path.Combine(Directory.CreateDirectory(_folder.File("artifact-" + cell)).FullName, "model.gguf");
        if (!File.Exists(path)) File.WriteAllBytes(path, RandomNumberGenerator.GetBytes((int)ArtifactBytes));
        return path;
    }

    private void WriteRoot(string path, string text)
    {
        string file = _folder.File(Path.Combine("root", path));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }
}
