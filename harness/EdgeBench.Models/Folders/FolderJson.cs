using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeBench.Models.Folders;

/// <summary>How JSON files of a folder are written: indented, letters as they are.</summary>
internal static class FolderJson
{
    public static JsonSerializerOptions Options { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
