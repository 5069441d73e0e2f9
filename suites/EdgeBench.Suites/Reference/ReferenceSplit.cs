namespace EdgeBench.Suites.Reference;

/// <summary>What an item is for.</summary>
public enum ReferenceSplit
{
    Train,

    /// <summary>For early stopping and choices: held out of training, apart from the test.</summary>
    Validation,

    /// <summary>For scores alone.</summary>
    Test,
}
