using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Core.Programs;

/// <summary>
/// The programs that this device lets EdgeBench start, for the backend <c>external</c> and for meters: <c>external.json</c> in the cache folder, written by the
/// device's owner: <c>{ "name": { "path": …, "sha256": …, "arguments": […], "free_arguments": … } }</c>, where all but the path may be left out. A name that
/// comes over the wire only picks an entry; paths never do. Every method throws <see cref="ProgramRefusedException"/> with what to write where.
/// </summary>
public static class AllowedPrograms
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

    /// <summary>This device's list.</summary>
    public static string FilePath => Path.Combine(CacheFolders.Root, FileName);

    /// <summary>Every entry by name; none where there is no file.</summary>
    /// <param name="file">The list; null takes <see cref="FilePath"/>.</param>
    public static IReadOnlyDictionary<string, AllowedProgram> Read(string? file = null)
    {
        string path = file ?? FilePath;
        try
        {
            if (!File.Exists(path)) return new Dictionary<string, AllowedProgram>();
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
                throw new ProgramRefusedException($"'{path}' can be written by others than its owner", $"chmod go-w '{path}'");
            if (new FileInfo(path).Length > MaxBytes) throw new ProgramRefusedException($"'{path}' is larger than {MaxBytes} bytes", Example("llama-bench", path));
            return JsonSerializer.Deserialize<Dictionary<string, AllowedProgram>>(File.ReadAllText(path), s_strict) is { } all && all.Values.All(entry => entry is not null)
                ? all
                : throw new ProgramRefusedException($"'{path}' holds null where a program's entry belongs", Example("llama-bench", path));
        }
        catch (JsonException exception)
        {
            throw new ProgramRefusedException($"'{path}' cannot be understood: {exception.Message}", Example("llama-bench", path), inner: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProgramRefusedException($"'{path}' cannot be read: {exception.Message}", "Make it readable for the user who runs the agent.", inner: exception);
        }
    }

    /// <summary>The entry of that name, with its file there, its hash right, and room for the arguments that a configuration adds to its own.</summary>
    /// <param name="given">Arguments of the configuration.</param>
    /// <param name="file">The list; null takes <see cref="FilePath"/>.</param>
    public static AllowedProgram Find(string name, IReadOnlyCollection<string> given, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(given);
        string path = file ?? FilePath;
        IReadOnlyDictionary<string, AllowedProgram> all = Read(path);
        if (!all.TryGetValue(name, out AllowedProgram? entry))
        {
            string near = Nearest.Question(name, all.Keys) is { } question ? $"{question} Otherwise: " : "";
            throw new ProgramRefusedException($"this device allows no external program '{name}'", near + Example(name, path));
        }
        if (entry.Problem() is { } problem) throw new ProgramRefusedException($"the external program '{name}' ('{entry.Path}') {problem}", $"Correct its entry in '{path}' on the device.");
        if (given.Count == 0 || entry.FreeArguments) return entry;
        throw new ProgramRefusedException($"this device does not let a configuration give arguments to '{name}'",
            $"Put them into \"arguments\" of its entry in '{path}' on the device, or set \"free_arguments\": true there.", byArguments: true);
    }

    private static string Example(string name, string path) =>
        $"On the device, write into '{path}': {{ {JsonSerializer.Serialize(name, EdgeBenchJson.Options)}: {{ \"path\": \"/absolute/path/of/the/program\" }} }}";
}
