using EdgeBench.Core.Problems;
using EdgeBench.Suites.Tasks.Data;
using EdgeBench.Testing;

namespace EdgeBench.Suites.Tests.Tasks;

public sealed class TaskFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"a\": 1}\n{\"a\": 2}\n", new[] { 1, 2 })]
    [InlineData("\n\n{\"a\": 1}\r\n\r\n{\"a\": 2}", new[] { 3, 5 })]
    [InlineData("\uFEFF{\"a\": 1}\n{\"a\": 2}", new[] { 1, 2 })]
    [InlineData("[{\"a\": 1}, {\"a\": 2}]", new[] { 1, 1 })]
    [InlineData("[\n{\n\"a\": 1\n},\n{ \"a\":\n2 }\n]\n", new[] { 2, 5 })]
    public void Lines_and_arrays_are_read_with_the_line_on_which_each_item_begins(string text, int[] lines)
    {
        TaskFile file = Read(text);
        Assert.Equal(lines, file.Records.Select(record => record.Line));
        Assert.Equal([0, 1], file.Records.Select(record => record.Index));
        Assert.Equal(["1", "2"], file.Records.Select(record => record.Text("a")));
    }

    [Theory]
    [InlineData("{\"a\": 1}\n{\"a\": }\n", ":2:7: no JSON")]
    [InlineData("{\"a\": 1}\n[1]\n", ":2: a JSON array; expected a JSON object")]
    [InlineData("{\"a\": 1, \"a\": 2}\n", ":1:")]
    [InlineData("[{\"a\": 1},\n3]", ":2: a JSON number; expected a JSON object")]
    [InlineData("[{\"a\": 1},\n{\"a\": ", ":2:")]
    [InlineData("[{\"a\": 1}]\n[]", "expected")]
    [InlineData("", "a file without items; expected one JSON object on each line")]
    [InlineData("\n \n", "a file without items")]
    [InlineData("[]", "a file without items")]
    public void What_is_no_item_is_told_with_file_and_line(string text, string message)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => Read(text));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains($"{_folder.File("items.jsonl")}:", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_file_that_is_wrong_on_every_line_is_told_by_its_first()
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => Read(string.Concat(Enumerable.Repeat("id,text\n", 1000))));
        Assert.Equal([1, 2, 3, 4, 5], error.Problems.Select(problem => problem.Line!.Value));
    }

    [Fact]
    public void A_file_that_is_no_text_or_not_there_is_told()
    {
        File.WriteAllBytes(_folder.File("b"), [0x7B, 0xFF, 0x7D]);
        Assert.Contains("no UTF-8", Assert.Throws<EdgeBenchException>(() => TaskFile.Read(_folder.File("b"))).Message);
        Assert.Contains("cannot be read", Assert.Throws<EdgeBenchException>(() => TaskFile.Read(_folder.File("absent"))).Message);
    }

    private TaskFile Read(string text)
    {
        File.WriteAllText(_folder.File("items.jsonl"), text);
        return TaskFile.Read(_folder.File("items.jsonl"));
    }
}
