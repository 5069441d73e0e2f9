namespace EdgeBench.Core.Metrics;

/// <summary>Raw readings of a task's items: what was right, what was predicted, with which scores. A reading's repetition is its item's place in the data file, 0-based.</summary>
public static class ItemMetrics
{
    public static Metric Accuracy { get; } = Of("item_acc", "choice right", "1 where the predicted choice is the right one, else 0 (raw reading behind acc).");

    public static Metric NormalisedAccuracy { get; } = Of("item_acc_norm", "choice right, by bytes", "1 where the choice predicted by bytes is the right one, else 0 (raw reading behind acc_norm).");

    public static Metric ExactMatch { get; } = Of("item_exact_match", "text right", "1 where the written text is the expected one, else 0 (raw reading behind exact match).");

    public static Metric ClassAccuracy { get; } = Of("item_accuracy", "label right", "1 where the predicted label is the right one, else 0 (raw reading behind accuracy).");

    public static Metric Answer { get; } = Of("item_answer", "right choice", "0-based index of an item's right choice.");

    public static Metric Choice { get; } = Of("item_choice", "predicted choice", "0-based index of the choice with the largest log-likelihood; of equal ones the first.");

    public static Metric NormalisedChoice { get; } = Of("item_choice_norm", "predicted choice, by bytes", "0-based index of the choice with the largest log-likelihood over its bytes.");

    public static Metric Class { get; } = Of("item_class", "right label", "0-based index of an item's right label in the list of labels that stands beside the figure.");

    public static Metric PredictedClass { get; } = Of("item_class_predicted", "predicted label", "0-based index of the label with the largest log-likelihood; of equal ones the first.");

    public static Metric LogLikelihood { get; } = Of("choice_log_likelihood", "choice log-likelihood", "Sum of the log-probabilities of a choice's or label's tokens after the text; in their order.") with { Unit = "nats", Format = "0.0000" };

    public static Metric ChoiceBytes { get; } = Of("choice_bytes", "choice bytes", "UTF-8 bytes of a choice, in their order, without the blank before it.");

    public static Metric GeneratedToken { get; } = Of("generated_token", "written token", "Token id that the model wrote for an item, in order, up to and with what ended the text.");

    public static Metric TokensCut { get; } = Of("item_tokens_cut", "tokens cut", "Tokens that were cut off the beginning of an item's text because the context holds no more: the most of its choices.") with { Unit = "tok" };

    public static IReadOnlyList<Metric> All { get; } =
    [
        Accuracy, NormalisedAccuracy, ExactMatch, ClassAccuracy, Answer, Choice, NormalisedChoice, Class, PredictedClass, LogLikelihood, ChoiceBytes, GeneratedToken, TokensCut,
    ];

    // Context, not merit.
    private static Metric Of(string name, string label, string definition) => new(name, label, "", Direction.Neutral, Aggregation.Mean, "0", definition);
}
