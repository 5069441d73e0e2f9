using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeBench.Core.IO;

namespace EdgeBench.Suites.Reference;

/// <summary>The texts as files: JSON lines of the tasks, plain text of the stories with an empty line between two.</summary>
public static class ReferenceFiles
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>home-train.jsonl</c>, <c>stories-test.txt</c> …</summary>
    public static string Name(ReferenceTask task, ReferenceSplit split) =>
        $"{ReferenceData.Name(task)}-{split.ToString().ToLowerInvariant()}.{(task == ReferenceTask.Stories ? "txt" : "jsonl")}";

    /// <summary>
    /// Writes every task and split, each file as a whole, and last <c>data.json</c>: seed, version, and of each file its items and SHA-256. A folder without it is not complete.
    /// </summary>
    public static void Write(ulong seed, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        string index = Path.Combine(folder, "data.json");
        File.Delete(index);
        List<object> files = [];
        foreach (ReferenceTask task in Enum.GetValues<ReferenceTask>())
        {
            foreach (ReferenceSplit split in Enum.GetValues<ReferenceSplit>())
            {
                string path = Path.Combine(folder, Name(task, split));
                AtomicFile.Write(path, stream => Write(ReferenceData.Generate(seed, split, task), stream));
                using FileStream written = File.OpenRead(path);
                files.Add(new { name = Name(task, split), items = ReferenceData.Count(task, split), sha256 = Convert.ToHexStringLower(SHA256.HashData(written)) });
            }
        }
        AtomicFile.WriteText(index, JsonSerializer.Serialize(new { version = ReferenceData.Version, seed, files }, s_json) + "\n");
    }

    /// <summary>One item a line: <c>id</c>, <c>task</c>, <c>template</c>, <c>prompt</c>, <c>completion</c>; of stories the text and an empty line.</summary>
    public static void Write(IEnumerable<ReferenceItem> items, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(items);
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (ReferenceItem item in items) writer.Write(item.Task == ReferenceTask.Stories ? $"{item.Completion}\n\n" : $"{Line(item)}\n");
    }

    private static string Line(ReferenceItem item) => JsonSerializer.Serialize(
        new { id = item.Id, task = ReferenceData.Name(item.Task), template = item.Template, prompt = item.Prompt, completion = item.Completion }, s_json);
}
