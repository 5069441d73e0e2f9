using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Devices;

/// <summary>The devices that can be named: <c>local</c> and the files in <c>devices/</c>.</summary>
public static class DeviceCatalog
{
    /// <summary>Name and path of every device file beside a bench file in <paramref name="folder"/> or in the current folder, in order.</summary>
    public static IReadOnlyDictionary<string, string> Files(string folder) => new DeviceFolders(folder).All();

    /// <summary>The device that a name or a path ending in <c>.yaml</c> stands for. Throws <see cref="EdgeBenchException"/> (exit code 2).</summary>
    public static DeviceSpec Resolve(string written, string folder, ConfigurationVocabulary vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(written);
        ProblemList problems = new();
        Reading reading = new(vocabulary, problems) { DeviceFolders = new DeviceFolders(folder) };
        DeviceSpec? device = DeviceFile.Resolve(written, new Place("", null, null), "", reading);
        problems.ThrowIfAny();
        return device!;
    }
}
