using EdgeBench.Core.Problems;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>
/// A chat template: Jinja as transformers sets it up (trim_blocks, lstrip_blocks, loop controls, no undefined checks, sandboxed). What it may cost is
/// bounded: a hostile template ends in a typed error. Immutable, thread-safe.
/// </summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _body;

    private readonly TimeProvider _clock;

    private ChatTemplate(IReadOnlyList<Statement> body, TimeProvider clock) => (_body, _clock) = (body, clock);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) that names line and construct.</summary>
    /// <param name="clock">What <c>strftime_now</c> asks; null for the system's.</param>
    public static ChatTemplate Parse(string source, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            return new ChatTemplate(new TemplateParser(TemplateLexer.Read(source)).Template(), clock ?? TimeProvider.System);
        }
        catch (InsufficientExecutionStackException)
        {
            throw TemplateErrors.Refused("a chat template nested too deeply", "fewer brackets and blocks within each other");
        }
    }

    /// <summary>
    /// The prompt of a conversation. Throws <see cref="EdgeBenchException"/> (bad input) where the template refuses the conversation
    /// (<c>raise_exception</c>), does something that is not reproduced, or costs too much.
    /// </summary>
    /// <param name="addGenerationPrompt">Ends with the start of an answer.</param>
    /// <param name="tools">Descriptions of functions, each a tree of dictionaries, lists, texts, numbers and truth values; null for none.</param>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, string? bos, string? eos, IReadOnlyList<object?>? tools = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        TemplateMap variables = new()
        {
            ["messages"] = messages.Select(message => (object?)new TemplateMap { ["role"] = message.Role, ["content"] = message.Content }).ToList(),
            ["add_generation_prompt"] = addGenerationPrompt,
            ["tools"] = tools is null ? null : Values.FromTree(tools),
        };
        if (bos is not null) variables["bos_token"] = bos;
        if (eos is not null) variables["eos_token"] = eos;
        return Render(variables);
    }

    /// <summary>The text for variables of one's own.</summary>
    internal string Render(TemplateMap variables)
    {
        TemplateRun run = new(variables, _clock);
        try
        {
            run.Execute(_body);
        }
        catch (InsufficientExecutionStackException)
        {
            throw TemplateErrors.Refused("a chat template that calls itself too deeply", "one that ends");
        }
        return run.Output;
    }
}
