using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Suites.Reference;
using EdgeBench.Testing;

namespace EdgeBench.Suites.Tests.Reference;

public class ReferenceFilesTests
{
    [Fact]
    public void A_folder_holds_every_text_as_lines_and_an_index_with_hashes()
    {
        using TemporaryFolder folder = new();
        ReferenceFiles.Write(1, folder.Path);

        JsonElement index = JsonDocument.Parse(File.ReadAllText(folder.File("data.json"))).RootElement;
        Assert.Equal((ReferenceData.Version, 1), (index.GetProperty("version").GetInt32(), index.GetProperty("seed").GetInt32()));
        JsonElement[] files = [.. index.GetProperty("files").EnumerateArray()];
        Assert.Equal(files.Select(file => file.GetProperty("name").GetString()).Append("data.json").Order(), Directory.EnumerateFiles(folder.Path).Select(path => Path.GetFileName(path)).Order());
        Assert.All(files, file => Assert.Equal(ContentHash.OfFile(folder.File(file.GetProperty("name").GetString()!)), file.GetProperty("sha256").GetString()));

        string[] lines = File.ReadAllLines(folder.File("home-test.jsonl"));
        ReferenceItem[] items = [.. ReferenceData.Generate(1, ReferenceSplit.Test, ReferenceTask.Home)];
        Assert.Equal(items.Length, lines.Length);
        JsonElement line = JsonDocument.Parse(lines[7]).RootElement;
        Assert.Equal(["id", "task", "template", "prompt", "completion"], line.EnumerateObject().Select(entry => entry.Name));
        Assert.Equal(("home-test-7", "home", items[7].Prompt, items[7].Completion),
            (line.GetProperty("id").GetString(), line.GetProperty("task").GetString(), line.GetProperty("prompt").GetString(), line.GetProperty("completion").GetString()));

        string stories = File.ReadAllText(folder.File("stories-test.txt"));
        Assert.Equal(ReferenceData.Generate(1, ReferenceSplit.Test, ReferenceTask.Stories).Select(item => item.Completion), stories.Split("\n\n", StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain('\r', stories);
    }
}
