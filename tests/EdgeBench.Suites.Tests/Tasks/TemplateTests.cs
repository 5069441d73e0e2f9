using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tests.Tasks;

public class TemplateTests
{
    private static readonly TaskRecord s_record = new(0, 7, JsonDocument.Parse("""{ "question": "Why?", "subject": "physics", "year": 1905, "choices": [] }""").RootElement);

    [Theory]
    [InlineData("Question: {question}\nAnswer:", "Question: Why?\nAnswer:")]
    [InlineData("{subject}/{year}", "physics/1905")]
    [InlineData("{{\"q\": \"{question}\"}}", "{\"q\": \"Why?\"}")]
    [InlineData("{shown}", "named")]
    public void Fields_are_filled_in(string template, string text)
    {
        DataProblems problems = new("items.jsonl");
        Assert.Equal(text, Template.Parse(template).Fill(s_record, new Dictionary<string, string> { ["shown"] = "named" }, problems));
        problems.Throw();
    }

    [Theory]
    [InlineData("{qestion}", "Did you mean 'question'?")]
    [InlineData("{choices}", "no text in field 'choices'")]
    public void A_field_that_is_no_text_is_told(string template, string message)
    {
        DataProblems problems = new("items.jsonl");
        Assert.Null(Template.Parse(template).Fill(s_record, new Dictionary<string, string>(), problems));
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(problems.Throw).Message);
    }

    [Theory]
    [InlineData("{question", "'{' at character 1")]
    [InlineData("a}", "'}' at character 2")]
    [InlineData("{}", "'{' at character 1")]
    [InlineData("Answer:", "no field")]
    public void A_template_that_cannot_be_read_is_told(string template, string message) =>
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => Template.Parse(template)).Message);
}
