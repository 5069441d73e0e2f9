using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Models.ChatTemplates;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.ChatTemplates;

public class ChatTemplateTests
{
    private static readonly ChatMessage[] s_hello = [new("user", "Hi")];

    [Fact]
    public void A_model_file_s_own_template_renders_ChatML()
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        ChatTemplate template = ChatTemplate.Parse(file.Metadata["tokenizer.chat_template"].AsText()!);
        // The published card of the model gives this system prompt and form.
        Assert.Equal(
            "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
            template.Render(s_hello, addGenerationPrompt: true, "<|im_start|>", "<|im_end|>"));
    }

    [Theory]
    [InlineData("{{ strftime_now('%d %b %Y') }}", "09 Mar 2024")]
    [InlineData("{{ 7 // -2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }} {{ 1e20 }} {{ 0.00001 }} {{ 1.5 }}", "-4 2 3.5 1024 1e+20 1e-05 1.5")]
    [InlineData("{% for a, b in [(1, 2), (3, 4)] %}{{ a }}-{{ b }}{% if not loop.last %}, {% endif %}{% endfor %}", "1-2, 3-4")]
    [InlineData("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [InlineData("a  \n  {%- if true %}\n b\n  {% endif %}\nc", "a b\nc")]
    [InlineData("{{ [1, 2, 3, 4][1:-1] }}{{ 'abc'[::-1] }}", "[2, 3]cba")]
    [InlineData("{{ {'a': [1, none, true, 'é\"']} | tojson }}", "{\"a\": [1, null, true, \"é\\\"\"]}")]
    [InlineData("{{ missing }}{{ missing is defined }}{{ missing | default('d') }}", "Falsed")]
    [InlineData("{% raw %}{{ x }}{% endraw %}{# c #}", "{{ x }}")]
    public void Expressions_mean_what_they_mean_in_Python(string source, string expected) =>
        Assert.Equal(expected, new ChatTemplateClock(new DateTimeOffset(2024, 3, 9, 12, 0, 0, TimeSpan.Zero)).Render(source));

    [Theory]
    [InlineData("{% for i in range(1000000000) %}{% endfor %}", "letters")]
    [InlineData("{% for i in range(2000) %}{% for j in range(2000) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% set s = namespace(t='ab') %}{% for i in range(64) %}{% set s.t = s.t ~ s.t %}{% endfor %}", "letters")]
    [InlineData("{{ 'ab' * 99999999999 }}", "letters")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deep")]
    [InlineData("{{ raise_exception('No!') }}", "No!")]
    [InlineData("{{ messages.nothing.deeper }}", "deeper")]
    [InlineData("{{ messages.append(1) }}", "append")]
    [InlineData("{{ x | shout }}", "shout")]
    [InlineData("{{ x is loud }}", "loud")]
    [InlineData("{% include 'a' %}", "include")]
    [InlineData("{% if true %}", "end of the template")]
    [InlineData("{{ 'open", "does not end")]
    [InlineData("{{ 1 / 0 }}", "zero")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "64 bits")]
    [InlineData("{{ 'a' + 1 }}", "a text + a number")]
    [InlineData("{% set messages.x = 1 %}", "namespace")]
    [InlineData("{{ [1, 'b'] | sort }}", "a comparison of")]
    [InlineData("{{ {'a': 1, 'b': 'c'} | dictsort(by='value') }}", "a comparison of")]
    public void What_is_hostile_wrong_or_unknown_ends_in_a_typed_error_that_names_it(string source, string named)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => ChatTemplate.Parse(source).Render(s_hello, addGenerationPrompt: true, null, null));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Fact]
    public void Brackets_a_hundred_thousand_deep_are_a_typed_error() =>
        Assert.Throws<EdgeBenchException>(() => ChatTemplate.Parse("{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}"));

    [Fact]
    public void Any_text_parses_and_renders_or_is_refused()
    {
        string[] parts = ["{{", "}}", "{%", "%}", "{#", "#}", "-", " ", "\n", "if", "for", "x", "in", "[", "]", "(", ")", "'", "1", ".", "|", "join", "is", "not", "defined", "set", "=", "endif", "endfor", "else", "~", "messages", "loop.index", ":", ",", "{", "}", "**", "é", "\\"];
        Gen.Int[0, parts.Length - 1].Array[0, 40].Sample(picks =>
        {
            string source = string.Concat(picks.Select(pick => parts[pick]));
            try
            {
                ChatTemplate.Parse(source).Render(s_hello, addGenerationPrompt: false, "<s>", null);
            }
            catch (EdgeBenchException error)
            {
                Assert.NotEmpty(error.Problems);
            }
        }, iter: 20_000);
    }

    private sealed class ChatTemplateClock(DateTimeOffset now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;

        public string Render(string source) => ChatTemplate.Parse(source, this).Render(s_hello, addGenerationPrompt: true, null, null);
    }
}
