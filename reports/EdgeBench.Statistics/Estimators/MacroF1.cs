namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// Unweighted mean over classes of F1 = 2·TP / (2·TP + FP + FN) (C. J. van Rijsbergen, Information Retrieval, 1979, chapter 7). Classes are those that occur as
/// right or as predicted; one that is never right counts 0, as scikit-learn's <c>f1_score(average="macro", zero_division=0)</c> counts it.
/// </summary>
public static class MacroF1
{
    /// <param name="right">0-based class of each item.</param>
    /// <param name="predicted">As predicted, same length.</param>
    public static double Of(ReadOnlySpan<int> right, ReadOnlySpan<int> predicted)
    {
        int[] all = new int[right.Length];
        for (int i = 0; i < all.Length; i++) all[i] = i;
        return Of(right, predicted, all);
    }

    /// <summary>Of a resample: the items named, each as often as it is.</summary>
    internal static double Of(ReadOnlySpan<int> right, ReadOnlySpan<int> predicted, ReadOnlySpan<int> items)
    {
        if (right.Length != predicted.Length) throw new ArgumentException($"{predicted.Length} predictions for {right.Length} items.", nameof(predicted));
        if (items.IsEmpty) throw new ArgumentException("F1 needs at least one item.", nameof(right));
        int classes = 0;
        foreach (int item in items) classes = Math.Max(classes, Math.Max(right[item], predicted[item]) + 1);
        // Both = TP; either = 2·TP + FP + FN.
        int[] both = new int[classes], either = new int[classes];
        foreach (int item in items)
        {
            if (right[item] == predicted[item]) both[right[item]]++;
            either[right[item]]++;
            either[predicted[item]]++;
        }
        double sum = 0;
        int occurring = 0;
        for (int i = 0; i < classes; i++)
        {
            if (either[i] == 0) continue;
            occurring++;
            sum += 2.0 * both[i] / either[i];
        }
        return sum / occurring;
    }
}
