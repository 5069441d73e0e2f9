using System.Text.Json;
using EdgeBench.Core.IO;

namespace EdgeBench.Devices.Power.Tools;

/// <summary>
/// The device's own list of programs that it lets a controller start by name: <c>external.json</c> in the cache folder, an object from names to absolute
/// paths, or to <c>{ "path": …, "sha256": … }</c>. A program never comes from the wire.
/// </summary>
internal static class AllowedPrograms
{
    private const int MaxBytes = 1 << 20;

    public static string File => Path.Combine(CacheFolders.Root, "external.json");

    /// <summary>The path of an allowed program. Throws <see cref="MeterException"/> with what to write where.</summary>
    public static string Find(string name) => Find(name, File);

    public static string Find(string name, string file)
    {
        string remedy = $"Write {{\"{name}\": \"/absolute/path\"}} into {file} on the device.";
        try
        {
            FileInfo info = new(file);
            if (!info.Exists) throw new MeterException($"the device allows no external program '{name}': there is no {file}", remedy);
            if (info.Length > MaxBytes) throw new MeterException($"{file} has {info.Length} bytes; expected at most {MaxBytes}", remedy);
            using JsonDocument list = JsonDocument.Parse(System.IO.File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = 8 });
            if (list.RootElement.ValueKind != JsonValueKind.Object || !list.RootElement.TryGetProperty(name, out JsonElement entry))
                throw new MeterException($"{file} allows no program '{name}'", remedy);
            return Checked(name, entry, file, remedy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new MeterException($"{file} cannot be read: {exception.Message}", remedy, exception);
        }
    }

    private static string Checked(string name, JsonElement entry, string file, string remedy)
    {
        string? path = entry.ValueKind == JsonValueKind.Object ? Text(entry, "path") : entry.ValueKind == JsonValueKind.String ? entry.GetString() : null;
        if (path is null || !Path.IsPathFullyQualified(path)) throw new MeterException($"'{name}' in {file} is not an absolute path", remedy);
        if (!System.IO.File.Exists(path)) throw new MeterException($"'{name}' in {file} names {path}, which does not exist", remedy);
        if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("sha256", out _)
            && !ContentHash.OfFile(path).Equals(Text(entry, "sha256"), StringComparison.OrdinalIgnoreCase))
        {
            throw new MeterException($"{path} is not the program that {file} allows: its SHA-256 differs", "Correct the hash there if the program was replaced on purpose.");
        }
        return path;
    }

    private static string? Text(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
