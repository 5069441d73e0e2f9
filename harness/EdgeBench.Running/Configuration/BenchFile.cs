using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration;

/// <summary>A <c>bench.yaml</c> as loaded.</summary>
/// <param name="Configuration">Overrides applied, validated, lists expanded.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="BaseFolder">Folder that relative paths inside start from.</param>
/// <param name="Text">The file as it stands, without the overrides.</param>
/// <param name="Hash">Of the frozen configuration: comments and spelling do not change it, overrides do.</param>
public sealed record LoadedBench(BenchConfiguration Configuration, string Path, string BaseFolder, string Text, string Hash);

/// <summary>Reads <c>bench.yaml</c>, or throws <see cref="EdgeBenchException"/> (exit code 2) with every problem found.</summary>
public static class BenchFile
{
    private const string What = "a bench.yaml";

    /// <param name="overrides">Each <c>path=value</c>, applied in order.</param>
    public static LoadedBench Load(string path, IReadOnlyList<string> overrides, ConfigurationVocabulary vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(overrides);
        string text = YamlText.Read(path, What, "Name it on the command line, or run in the folder that holds it.");
        BenchConfiguration configuration = Parse(text, path, overrides, vocabulary);
        string full = System.IO.Path.GetFullPath(path);
        string hash = ContentHash.OfText(EdgeBenchJson.Serialize(configuration));
        return new LoadedBench(configuration, full, System.IO.Path.GetDirectoryName(full)!, text, hash);
    }

    /// <param name="displayName">File name for problems; device files are looked for in <c>devices</c> beside it.</param>
    public static BenchConfiguration Parse(string text, string displayName, IReadOnlyList<string> overrides,
        ConfigurationVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(overrides);
        ProblemList problems = new();
        YamlNode? root = YamlText.Parse(text, displayName, What, problems);
        foreach (string expression in overrides) root = Override.Apply(root, expression, problems);
        DeviceFolders folders = new(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(displayName))!);
        return BenchReader.Read(root, displayName, new Reading(vocabulary, problems) { DeviceFolders = folders });
    }

    /// <summary>A word of the command line as a journal keeps it: an override that says how a device is reached without its value.</summary>
    public static string Recorded(string word) => OverridePath.Recorded(word);
}
