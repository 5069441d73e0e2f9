using EdgeBench.Core.Problems;
using EdgeBench.Devices.Profiles;

namespace EdgeBench.Running.Configuration.Devices;

/// <summary>The profiles that EdgeBench carries, by name.</summary>
public static class ProfileCatalog
{
    private static readonly Lazy<IReadOnlyDictionary<string, DeviceProfile>> s_all = new(() =>
        ProfileResources.Names.ToDictionary(name => name, name => ProfileReader.Read(ProfileResources.Text(name), $"profiles/{name}.yaml")));

    public static IReadOnlyCollection<string> Names => ProfileResources.Names;

    /// <summary>The profile of that name; bad input with the nearest name where there is none.</summary>
    public static DeviceProfile Find(string name) => s_all.Value.GetValueOrDefault(name)
        ?? throw EdgeBenchException.BadInput($"profile '{name}'", $"one of {string.Join(", ", Names)}", Nearest.Question(name, Names));
}
