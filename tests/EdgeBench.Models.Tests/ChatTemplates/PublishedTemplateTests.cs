using EdgeBench.Core.Problems;
using EdgeBench.Models.ChatTemplates;
using EdgeBench.Models.Tests.Tokenizers;

namespace EdgeBench.Models.Tests.ChatTemplates;

/// <summary>Expectations from outside: llama.cpp's tests of its own engine and of published chat templates.</summary>
public class PublishedTemplateTests
{
    [Fact]
    public void The_engine_renders_what_llama_cpp_s_tests_expect()
    {
        // Left out, each a typed error here: what changes lists (the sandbox forbids it), what only llama.cpp takes (an empty index), keys that are no
        // texts or numbers, and rare functions.
        string[] others = ["array.pop()", "array.append()", "empty computed member", "object comparison", "mixed type keys", "string.format()", "with base", "is escaped", "truncate", "replace() empty"];
        List<PublishedCase> cases = [.. PublishedCases.Engine().Where(one => !others.Any(other => one.Name.Contains(other, StringComparison.Ordinal)))];
        Assert.True(cases.Count >= 270);
        Assert.All(cases, one => Assert.Equal(one.Expected, ChatTemplate.Parse(one.Template).Render(one.Variables)));
    }

    [Fact]
    public void Published_chat_templates_render_what_llama_cpp_s_tests_expect()
    {
        ChatMessage[] conversation =
        [
            new("system", "You are a helpful assistant"), new("user", "Hello"), new("assistant", "Hi there"), new("user", "Who are you"),
            new("assistant", "   I am an assistant   "), new("user", "Another question"),
        ];
        // llama.cpp mends the conversation for templates without a system role, and the tool calls add to it.
        string[] others = ["Mistral-7B-Instruct-v0.2", "gemma-7b-it", "Orion-14B", "Phi-3-mini", "Phi-3-medium", "YandexGPT", "(tool call)", "Ling-lite"];
        var cases = PublishedCases.Chats().Where(one => !others.Any(other => one.Name.Contains(other, StringComparison.Ordinal))).ToList();
        Assert.True(cases.Count >= 23);
        Assert.All(cases, one => Assert.Equal(one.Expected, ChatTemplate.Parse(one.Template).Render(conversation, addGenerationPrompt: true, one.Bos, one.Eos)));
    }

    [Fact]
    public void Every_template_file_of_llama_cpp_parses_and_renders_a_plain_conversation_or_refuses_it_in_words()
    {
        string folder = Path.GetDirectoryName(LlamaSource.File("models/templates/Qwen-Qwen2.5-7B-Instruct.jinja"))!;
        // These need tools, variables of their own, or what no Jinja has (from_json, format).
        string[] others = ["tool_use", "functionary-medium-v3.1", "firefunction", "DeepSeek-V3.2", "DeepSeek-V4", "Hy3"];
        string[] files = [.. Directory.GetFiles(folder, "*.jinja").Where(file => !others.Any(other => file.Contains(other, StringComparison.Ordinal)))];
        Assert.True(files.Length >= 60);
        Assert.All(files, file =>
        {
            ChatTemplate template = ChatTemplate.Parse(File.ReadAllText(file));
            try
            {
                Assert.Contains("Marker-7", template.Render([new("user", "Marker-7")], addGenerationPrompt: true, "<s>", "</s>"), StringComparison.Ordinal);
            }
            catch (EdgeBenchException error) when (error.Message.Contains("refuses this conversation", StringComparison.Ordinal))
            {
                Assert.NotEmpty(error.Problems);
            }
        });
    }
}
