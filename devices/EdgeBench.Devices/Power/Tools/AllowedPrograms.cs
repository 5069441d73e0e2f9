using System.Text.Json;
using EdgeBench.Core.IO;

namespace EdgeBench.Devices.Power.Tools;

/// <summary>
/// The device's own list of programs that it lets a controller start by name: <c>external.json</c> in the cache folder, an object from names to
/// <c>{ "path": …, "sha256": …, "arguments": […], "free_arguments": … }</c> (all but the path may be left out), which the backend <c>external</c> reads too.
/// A program never comes from the wire, and arguments only where the owner says so: with many programs they are as good as any command.
/// </summary>
internal static class AllowedPrograms
{
    private const int MaxBytes = 1 << 20;

    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 4, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static string File => Path.Combine(CacheFolders.Root, "external.json");

    /// <summary>An allowed program. Throws <see cref="MeterException"/> with what to write where.</summary>
    /// <param name="given">Arguments that the controller adds to those of the entry.</param>
    public static AllowedProgram Find(string name, IReadOnlyList<string> given) => Find(name, given, File);

    public static AllowedProgram Find(string name, IReadOnlyList<string> given, string file)
    {
        string remedy = $"On the device, write into {file}: {{ \"{name}\": {{ \"path\": \"/absolute/path/of/the/program\" }} }}";
        try
        {
            FileInfo info = new(file);
            if (!info.Exists) throw new MeterException($"the device allows no external program '{name}': there is no {file}", remedy);
            if (info.Length > MaxBytes) throw new MeterException($"{file} has {info.Length} bytes; expected at most {MaxBytes}", remedy);
            if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file) & Others) != 0)
                throw new MeterException($"{file} can be written by others than its owner", $"chmod go-w '{file}'");
            using JsonDocument list = JsonDocument.Parse(System.IO.File.ReadAllBytes(file), s_json);
            if (list.RootElement.ValueKind != JsonValueKind.Object || !list.RootElement.TryGetProperty(name, out JsonElement entry))
                throw new MeterException($"{file} allows no program '{name}'", remedy);
            string path = Checked(name, entry, file, remedy);
            return new AllowedProgram(path, [.. Arguments(name, entry, file), .. given.Count == 0 || Frees(entry) ? given : throw new MeterException(
                $"{file} allows no further arguments for '{name}'", "On the device, write the arguments into the entry's \"arguments\", or set its \"free_arguments\": true.")]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new MeterException($"{file} cannot be read: {exception.Message}", remedy, exception);
        }
    }

    private static string Checked(string name, JsonElement entry, string file, string remedy)
    {
        string? path = Text(entry, "path");
        if (path is null || !Path.IsPathFullyQualified(path)) throw new MeterException($"'{name}' in {file} is not an absolute path", remedy);
        if (!System.IO.File.Exists(path)) throw new MeterException($"'{name}' in {file} names {path}, which does not exist", remedy);
        if (entry.TryGetProperty("sha256", out _)
            && !ContentHash.OfFile(path).Equals(Text(entry, "sha256"), StringComparison.OrdinalIgnoreCase))
        {
            throw new MeterException($"{path} is not the program that {file} allows: its SHA-256 differs", "Correct the hash there if the program was replaced on purpose.");
        }
        return path;
    }

    private static IEnumerable<string> Arguments(string name, JsonElement entry, string file)
    {
        if (!entry.TryGetProperty("arguments", out JsonElement arguments)) return [];
        if (arguments.ValueKind == JsonValueKind.Array && arguments.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String))
            return [.. arguments.EnumerateArray().Select(one => one.GetString()!)];
        throw new MeterException($"the \"arguments\" of '{name}' in {file} are no list of texts", "Write them as [\"--one\", \"two\"].");
    }

    private static bool Frees(JsonElement entry) => entry.TryGetProperty("free_arguments", out JsonElement free) && free.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement entry, string key) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A program that the device's owner allows, with all its arguments.</summary>
internal sealed record AllowedProgram(string Path, IReadOnlyList<string> Arguments);
