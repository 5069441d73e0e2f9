namespace EdgeBench.Models.ChatTemplates;

/// <summary>What rendering may cost: a template that wants more ends in a typed error instead of a hang or a full memory.</summary>
internal sealed class Budget
{
    private const long MostSteps = 500_000;
    private const long MostLetters = 8 << 20;
    private const int LettersAnItem = 8;
    private const int DeepestCalls = 64;

    private long _steps;
    private long _letters;
    private int _depth;

    /// <summary>One evaluation, or something that costs as much as several.</summary>
    public void Step(int cost = 1)
    {
        if ((_steps += cost) > MostSteps) throw TemplateErrors.Refused($"a chat template that takes more than {MostSteps} steps", "one that ends sooner");
    }

    /// <summary>Items of a list that is about to be made.</summary>
    public void SpendItems(long count) => Spend(count > long.MaxValue / LettersAnItem ? count : count * LettersAnItem);

    /// <summary>Letters that are about to be made.</summary>
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
