using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.External.Programs;

/// <summary>
/// The programs that this device lets EdgeBench start: <c>external.json</c> in the cache folder, written by the device's owner. A name that comes over
/// the wire only picks an entry; paths never do.
/// </summary>
internal static class AllowedPrograms
{
    public const string FileName = "external.json";

    private const int MaxBytes = 1 << 20;

    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly JsonSerializerOptions s_strict = new(EdgeBenchJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 4,
    };

    public static string FilePath => Path.Combine(CacheFolders.Root, FileName);

    /// <summary>Every entry by name; none where there is no file. Throws <see cref="TrialException"/> for a file that cannot be trusted or read.</summary>
    public static IReadOnlyDictionary<string, AllowedProgram> Read()
    {
        string path = FilePath;
        try
        {
            if (!File.Exists(path)) return new Dictionary<string, AllowedProgram>();
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
                throw Unusable($"'{path}' can be written by others than its owner", $"chmod go-w '{path}'");
            if (new FileInfo(path).Length > MaxBytes) throw Unusable($"'{path}' is larger than {MaxBytes} bytes", Example("llama-bench"));
            return JsonSerializer.Deserialize<Dictionary<string, AllowedProgram>>(File.ReadAllText(path), s_strict) is { } all && all.Values.All(entry => entry is not null)
                ? all
                : throw Unusable($"'{path}' holds null where a program's entry belongs", Example("llama-bench"));
        }
        catch (JsonException exception)
        {
            throw Unusable($"'{path}' cannot be understood: {exception.Message}", Example("llama-bench"), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"'{path}' cannot be read: {exception.Message}", "Make it readable for the user who runs the agent.", exception);
        }
    }

    /// <summary>The entry of that name, with its file there and its hash right. Throws <see cref="TrialException"/> with what to write.</summary>
    public static AllowedProgram Find(string name)
    {
        IReadOnlyDictionary<string, AllowedProgram> all = Read();
        if (!all.TryGetValue(name, out AllowedProgram? entry))
        {
            string near = Nearest.Question(name, all.Keys) is { } question ? $"{question} Otherwise: " : "";
            throw Unusable($"this device allows no external program '{name}'", near + Example(name));
        }
        entry.Check(name);
        return entry;
    }

    private static string Example(string name) =>
        $"On the device, write into '{FilePath}': {{ {JsonSerializer.Serialize(name, EdgeBenchJson.Options)}: {{ \"path\": \"/absolute/path/of/the/program\" }} }}";

    private static TrialException Unusable(string message, string remedy, Exception? inner = null) => new(new TrialFailure(FailureKind.BackendMissing, message, remedy), inner);
}
