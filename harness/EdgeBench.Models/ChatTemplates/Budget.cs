namespace EdgeBench.Models.ChatTemplates;

/// <summary>What rendering may cost: a template that wants more ends in a typed error instead of a hang or a full memory.</summary>
internal sealed class Budget
{
    private const long MostSteps = 3_000_000;
    private const long MostLetters = 32 << 20;
    private const int DeepestCalls = 64;

    private long _steps;
    private long _letters;
    private int _depth;

    /// <summary>One evaluation.</summary>
    public void Step()
    {
        if (++_steps > MostSteps) throw TemplateErrors.Refused($"a chat template that takes more than {MostSteps} steps", "one that ends sooner");
    }

    /// <summary>Letters or items that are about to be made.</summary>
    public void Spend(long size)
    {
        _letters += size + 1;
        if (size < 0 || _letters > MostLetters) throw TemplateErrors.Refused($"a chat template that makes more than {MostLetters} letters", "a shorter text");
    }

    public void Enter()
    {
        if (++_depth > DeepestCalls) throw TemplateErrors.Refused($"macros that call each other more than {DeepestCalls} deep", "fewer");
    }

    public void Leave() => _depth--;
}
