namespace EdgeBench.Compression.FineTuning;

/// <summary>Facts of passes that train, by the names that reports find them under.</summary>
public static class TrainingFacts
{
    /// <summary>Parameters that were trained.</summary>
    public const string Trainable = "trainable parameters";

    /// <summary>All parameters, those that a method added included.</summary>
    public const string Parameters = "parameters";
}
