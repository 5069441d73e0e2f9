using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeBench.Models.Folders;

/// <summary>How JSON files of a folder are written: indented, letters as they are, the same bytes on every system.</summary>
internal static class FolderJson
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(JsonObject document) => [.. JsonSerializer.SerializeToUtf8Bytes<JsonNode>(document, s_options), (byte)'\n'];
}
