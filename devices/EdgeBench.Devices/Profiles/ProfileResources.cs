using System.Text;

namespace EdgeBench.Devices.Profiles;

/// <summary>The text of the profiles in <c>devices/profiles</c>, carried inside this assembly so that a published program has them.</summary>
public static class ProfileResources
{
    private const string Prefix = "profiles/";
    private const string Suffix = ".yaml";

    /// <summary>Names in order: <c>arm-host</c>, <c>coral-usb</c> …</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ProfileResources).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The YAML of one of <see cref="Names"/>.</summary>
    public static string Text(string name)
    {
        using Stream stream = typeof(ProfileResources).Assembly.GetManifestResourceStream($"{Prefix}{name}{Suffix}")
            ?? throw new ArgumentException($"no profile '{name}'", nameof(name));
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
