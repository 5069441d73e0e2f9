namespace EdgeBench.Suites.Reference;

/// <summary>What a text is about.</summary>
public enum ReferenceTask
{
    /// <summary>Smart-home commands to JSON intents.</summary>
    Home,

    /// <summary>Short clinical notes to a category and an urgency by made-up rules. No medical advice.</summary>
    Triage,

    /// <summary>Instructions to a robot as action sequences.</summary>
    Robot,

    /// <summary>Short narratives for perplexity: no prompt.</summary>
    Stories,

    /// <summary>Kitchen-assistant commands to JSON: a domain that the reference model is never trained on.</summary>
    Kitchen,
}
