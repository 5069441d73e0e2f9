namespace EdgeBench.Suites.Reference;

/// <summary>A grammar: draws texts with their answers. The answer is a function of the text.</summary>
internal interface IReferenceGrammar
{
    ReferenceTask Task { get; }

    Draft Draw(Chance chance);
}
